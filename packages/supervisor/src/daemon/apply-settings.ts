/** Applies what the inventory says about vbmcd as a whole: at start and at each reload. */
import type { ControlSockets } from '../control/control-sockets.ts';
import { Refusal } from '../host/operator-error.ts';
import { refuseSystemErrors } from '../host/refuse-system-errors.ts';
import { findGroupId } from '../host/socket-group.ts';
import type { GlobalSettings } from '../inventory/global-settings.ts';
import type { MetricsListener } from '../metrics/metrics-listener.ts';
import { problemText } from '../text/problem.ts';

const GROUP_REMEDY = 'choose a group that vbmcd is a member of';

/** Returns what failed, one line each; the BMCs run in spite of it. */
export async function applySettings(
  { socketGroup, metricsListen }: GlobalSettings,
  controlSockets: ControlSockets,
  metricsListener: MetricsListener,
): Promise<readonly string[]> {
  return [
    ...(await failureOf('socket_group', GROUP_REMEDY, async () => {
      await controlSockets.giveTo(await groupIdOf(socketGroup));
    })),
    ...(await failureOf('metrics_listen', 'choose another address or port', () =>
      metricsListener.listenOn(metricsListen),
    )),
  ];
}

/** vbmcd's own group when none is set. */
async function groupIdOf(socketGroup: string | undefined): Promise<number> {
  if (socketGroup === undefined) return process.getgid?.() ?? -1;
  const groupId = await findGroupId(socketGroup);
  if (groupId === undefined) {
    throw new Refusal(`[vbmc] socket_group: there is no group ${socketGroup}`, {
      remedy: GROUP_REMEDY,
    });
  }
  return groupId;
}

async function failureOf(
  key: string,
  remedy: string,
  apply: () => Promise<void>,
): Promise<readonly string[]> {
  try {
    await refuseSystemErrors(`[vbmc] ${key}`, apply(), remedy);
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [problemText(error)];
    throw error;
  }
}
