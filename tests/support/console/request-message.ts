import {
  BMC_SLAVE_ADDRESS,
  netFn,
  REMOTE_CONSOLE_ADDRESS,
  type Command,
  type IpmiMessage,
} from '@vbmc/ipmi-codec';

/** A request like those of remote consoles: from software id 81h, LUN 0, to the BMC, LUN 0. */
export function requestMessage<Request, Response>(
  command: Command<Request, Response>,
  value: NoInfer<Request>,
  rqSeq: number,
): IpmiMessage {
  return {
    toAddress: BMC_SLAVE_ADDRESS,
    netFn: netFn[command.netFn],
    toLun: 0,
    fromAddress: REMOTE_CONSOLE_ADDRESS,
    rqSeq,
    fromLun: 0,
    command: command.code,
    data: command.request.encode(value),
  };
}
