/** Answers the requests of the control interface, as described in docs/api.md. */
import { resolve } from 'node:path';
import { countByStatus, type DaemonStatus, type LastReload } from './daemon-status.ts';
import type { EventRing } from './event-ring.ts';
import type { ReloadResult } from '../fleet/reload-result.ts';
import type { ReloadRequest } from '../fleet/removal-guard.ts';
import type { Clock } from '../host/clock.ts';
import type { Answer, Answerer } from './control-socket.ts';
import { EventFollowers } from './event-followers.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { printable } from '../text/printable.ts';
import type { KeptDescription } from '../kept-connections/kept-connections.ts';
import { problemText } from '../text/problem.ts';
import { unknownBmcProblem } from '../text/unknown-bmc.ts';
import type { VirtualBmcEnvironment } from '../virtualbmc/find-directory.ts';
import type { ConnectionReports } from '../virsh/connection-report.ts';

export interface ControlAnswersOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly inventoryPath: string;
  readonly virtualBmc: VirtualBmcEnvironment;
  readonly fleet: Fleet;
  readonly keptConnections: () => readonly KeptDescription[];
  readonly events: EventRing;
  readonly metrics: Metrics;
  readonly connections: () => Promise<ConnectionReports>;
  readonly reload: (request: ReloadRequest) => Promise<ReloadResult>;
  readonly lastReload: () => LastReload | null;
}

/** The function returned makes the answerer of one socket: the clients of one do not use up the followers of another. */
export function controlAnswers(options: ControlAnswersOptions): () => Answerer {
  const status = statusOf(options);
  return () => answererOf(options, status, new EventFollowers(options.events));
}

function answererOf(
  { connections, fleet, events, metrics, reload }: ControlAnswersOptions,
  status: () => DaemonStatus,
  followers: EventFollowers,
): Answerer {
  return async (request, response) => {
    switch (request.kind) {
      case 'bmcs':
        return { status: 200, body: { bmcs: await fleet.list() } };
      case 'bmc': {
        const detail = await fleet.describe(request.name);
        return detail === undefined ? unknownBmc(request.name, fleet) : { status: 200, body: detail };
      }
      case 'status':
        return { status: 200, body: status() };
      case 'connections':
        return { status: 200, body: await connections() };
      case 'events': {
        const { filter, follow, limit } = request;
        const { bmc } = filter;
        // A BMC that was removed has events still.
        if (bmc !== undefined && !namesOf(fleet).includes(bmc) && !events.has(bmc))
          return unknownBmc(bmc, fleet);
        const recent = events.recent(filter, limit);
        if (!follow) return { status: 200, body: { events: recent } };
        if (followers.add(recent, filter, response)) return undefined;
        return { status: 503, body: { error: 'too many clients already follow the events' } };
      }
      case 'sessions': {
        const bmcs = await fleet.sessions(request.bmc);
        return bmcs === undefined ? unknownBmc(request.bmc, fleet) : { status: 200, body: { bmcs } };
      }
      case 'closeSession': {
        const { bmc, session, by } = request;
        const end = await fleet.closeSession(bmc, session, by);
        if (end === 'noBmc') return unknownBmc(bmc, fleet);
        if (end === 'ended') return { status: 200, body: { bmc, session, ended: true } };
        const error =
          end === 'noAnswer'
            ? `the worker of ${bmc} does not answer`
            : `${bmc} has no session ${printable(session)}: vbmc sessions lists those that are open`;
        return { status: end === 'noAnswer' ? 503 : 404, body: { error } };
      }
      case 'resetUsers': {
        const { bmc, by } = request;
        const reset = await fleet.resetUsers(bmc, by);
        if (reset === 'noBmc') return unknownBmc(bmc, fleet);
        if ('removed' in reset) return { status: 200, body: { bmc, removed: reset.removed } };
        return { status: 503, body: { error: `the users of ${bmc} are not removed: ${reset.failure}` } };
      }
      case 'reload': {
        const result = await reload(request);
        return { status: result.outcome === 'applied' ? 200 : 422, body: result };
      }
      case 'metrics':
        return { status: 200, body: await metrics.text(), contentType: metrics.contentType };
    }
  };
}

function unknownBmc(name = '', fleet: Fleet): Answer {
  return { status: 404, body: { error: problemText(unknownBmcProblem([name], namesOf(fleet))) } };
}

/** Those with errors in the inventory too. */
function namesOf(fleet: Fleet): readonly string[] {
  return fleet.figures().map(({ listing }) => listing.name);
}

function statusOf(options: ControlAnswersOptions): () => DaemonStatus {
  const { clock, fleet, inventoryPath, keptConnections, virtualBmc, version, lastReload } = options;
  const [startedMs, startedAt] = [clock.now(), clock.date().toISOString()];
  return () => ({
    version,
    pid: process.pid,
    startedAt,
    uptimeSeconds: Math.round((clock.now() - startedMs) / 1000),
    inventoryPath: resolve(inventoryPath),
    virtualBmc: virtualBmc.configFile === undefined ? null : virtualBmc,
    lastReload: lastReload(),
    keptConnections: keptConnections(),
    bmcs: countByStatus(fleet.figures().map(({ listing }) => listing.status)),
  });
}
