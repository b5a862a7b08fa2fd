import type { DeviceQuestion } from '../core/terms/device-question.ts';
import type { WatchdogSetting } from '../core/terms/watchdog.ts';
import type { WorkerMessage } from '../ipc/protocol.ts';

/** Without its number. */
type Message<Type> = Omit<Extract<WorkerMessage, { type: Type }>, 'requestId'>;

function yesOrNo(is: boolean): 'yes' | 'no' {
  return is ? 'yes' : 'no';
}

export function userChangeMessage({
  slot,
  change,
  user,
  source,
}: DeviceQuestion<'changeUser'>): Message<'userChange'> {
  const {
    name,
    password,
    passwordSize,
    isEnabled,
    ipmiMessaging,
    linkAuthentication,
    privilegeLimit,
    mayUseSol,
  } = change;
  return {
    ...{ type: 'userChange', slot, user, source },
    ...(name && { name: Buffer.from(name).toString('hex') }),
    ...(password && { password: Buffer.from(password).toString('hex') }),
    ...(passwordSize && { passwordSize: passwordSize === 20 ? '20' : '16' }),
    ...(isEnabled !== undefined && { isEnabled: yesOrNo(isEnabled) }),
    ...(ipmiMessaging !== undefined && { ipmiMessaging: yesOrNo(ipmiMessaging) }),
    ...(linkAuthentication !== undefined && { linkAuthentication: yesOrNo(linkAuthentication) }),
    ...(privilegeLimit && { privilegeLimit }),
    ...(mayUseSol !== undefined && { mayUseSol: yesOrNo(mayUseSol) }),
  };
}

export function watchdogMessage({ dontLog, dontStop, ...setting }: WatchdogSetting): Message<'watchdogSet'> {
  return {
    ...{ type: 'watchdogSet', ...setting },
    ...(dontLog && { dontLog }),
    ...(dontStop && { dontStop }),
  };
}
