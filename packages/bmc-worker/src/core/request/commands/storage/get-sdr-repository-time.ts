import { getSdrRepositoryTime } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';

export const getSdrRepositoryTimeHandler = defineHandler({
  command: getSdrRepositoryTime,
  privilege: 'user',
  handle: () => afterAnswer({ kind: 'readWallClock' }, (time) => respond({ time })),
});
