import { getSelfTestResults, SELF_TEST_NO_ERROR } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

export const getSelfTestResultsHandler = defineHandler({
  command: getSelfTestResults,
  privilege: 'user',
  handle: () => respond({ result: SELF_TEST_NO_ERROR, detail: 0 }),
});
