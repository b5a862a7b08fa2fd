/** What the inventory says about vbmcd as a whole, brought into force at start and at each reload. */
import type { GlobalSettings } from '../inventory/global-settings.ts';
import { giveToGroup } from '../control/control-socket.ts';
import type { MetricsListener } from '../metrics/metrics-listener.ts';
import { findGroupId } from '../host/socket-group.ts';

/** Returns what did not work, one line each; BMCs are not kept down by it. */
export async function applySettings(
  settings: GlobalSettings,
  socketPath: string,
  metricsListener: MetricsListener,
): Promise<readonly string[]> {
  const { socketGroup, metricsListen } = settings;
  return [
    ...(await attempt('socket_group', 'choose a group that vbmcd is a member of', async () => {
      if (socketGroup === undefined) {
        await giveToGroup(socketPath, process.getgid?.() ?? -1);
        return;
      }
      const groupId = await findGroupId(socketGroup);
      if (groupId === undefined) throw new Error(`there is no group ${socketGroup}`);
      await giveToGroup(socketPath, groupId);
    })),
    ...(await attempt('metrics_listen', 'choose another address or port', () =>
      metricsListener.listenOn(metricsListen),
    )),
  ];
}

async function attempt(key: string, remedy: string, act: () => Promise<void>): Promise<readonly string[]> {
  try {
    await act();
    return [];
  } catch (error) {
    return [`[vbmc] ${key}: ${error instanceof Error ? error.message : String(error)}: ${remedy}`];
  }
}
