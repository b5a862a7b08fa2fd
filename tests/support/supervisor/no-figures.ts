import { bmcFigures, valuesByName } from '#worker/core/terms/bmc-figures.ts';

/** The figures of a worker that has received nothing. */
export const noFigures = valuesByName(bmcFigures, () => 0);
