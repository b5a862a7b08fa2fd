import { getPohCounter } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';

const MINUTES_PER_COUNT = 60;
const SECONDS_PER_COUNT = MINUTES_PER_COUNT * 60;

/** For how many hours the domain has run since its BMC was there. */
export const getPohCounterHandler = defineHandler({
  command: getPohCounter,
  privilege: 'user',
  handle: () =>
    afterAnswer({ kind: 'readDomainRun' }, ({ operatingSeconds }) =>
      respond({
        minutesPerCount: MINUTES_PER_COUNT,
        count: Math.floor(operatingSeconds / SECONDS_PER_COUNT),
      }),
    ),
});
