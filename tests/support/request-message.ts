import {
  bmcSlaveAddress,
  netFn,
  remoteConsoleAddress,
  type Command,
  type IpmiMessage,
} from '@vbmc/ipmi-codec';

/** A request as remote consoles make it: from software id 81h, LUN 0, to the BMC, LUN 0. */
export const requestMessage = <Request, Response>(
  command: Command<Request, Response>,
  value: NoInfer<Request>,
  rqSeq: number,
): IpmiMessage => ({
  toAddress: bmcSlaveAddress,
  netFn: netFn[command.netFn],
  toLun: 0,
  fromAddress: remoteConsoleAddress,
  rqSeq,
  fromLun: 0,
  command: command.code,
  data: command.request.encode(value),
});
