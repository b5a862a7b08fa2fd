import { noData, type Command, type NoData } from '../command.ts';

/** v2.0§20.2. Request and response have no data. The BMC restarts as after power is applied. */
export const coldReset: Command<NoData, NoData> = {
  name: 'Cold Reset',
  netFn: 'app',
  code: 0x02,
  request: noData,
  response: noData,
};

/** v2.0§20.3. Request and response have no data. Sessions end, the configuration stays. */
export const warmReset: Command<NoData, NoData> = {
  name: 'Warm Reset',
  netFn: 'app',
  code: 0x03,
  request: noData,
  response: noData,
};
