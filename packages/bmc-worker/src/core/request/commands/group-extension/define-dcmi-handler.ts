import { DCMI_GROUP } from '@vbmc/ipmi-codec';
import { completionCodeOnly } from '../response-data.ts';
import { defineHandler, type CommandHandler, type HandlerDefinition } from '../handler.ts';

/** PICMG's and VITA's commands have the same codes: ipmitool asks for some of them in each session. There are none here. */
export function defineDcmiHandler<Request, Response>(
  definition: HandlerDefinition<Request, Response>,
): CommandHandler {
  const handler = defineHandler(definition);
  return {
    ...handler,
    handle: (data, bmc, context) => {
      if (data.length === 0 || data[0] === DCMI_GROUP) return handler.handle(data, bmc, context);
      // Before a session the answer does not tell which commands there are.
      const code = context.session === undefined ? 'insufficientPrivilege' : 'invalidCommand';
      return { kind: 'response', data: completionCodeOnly(code) };
    },
  };
}
