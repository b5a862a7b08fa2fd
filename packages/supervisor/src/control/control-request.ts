/** Reads and checks the requests of the control interface. Pure. */
import { eventKinds } from '../log/event-kinds.ts';
import { printable } from '../text/printable.ts';
import { defined } from '../text/records.ts';
import { levelsBySeverity, type EventFilter } from './event-filter.ts';

export type ControlRequest =
  | { readonly kind: 'bmcs' }
  | { readonly kind: 'bmc'; readonly name: string }
  | { readonly kind: 'status' }
  | { readonly kind: 'connections' }
  | {
      readonly kind: 'events';
      readonly follow: boolean;
      readonly filter: EventFilter;
      /** At most this many, the latest. */
      readonly limit: number;
    }
  | {
      readonly kind: 'sessions';
      /** Only those of this BMC; of all if absent. */
      readonly bmc?: string;
    }
  | {
      readonly kind: 'closeSession';
      readonly bmc: string;
      /** The session's `id`. */
      readonly session: string;
      /** Who wants it, for the log. */
      readonly by: string;
    }
  | {
      readonly kind: 'resetUsers';
      readonly bmc: string;
      /** Who wants it, for the log. */
      readonly by: string;
    }
  | {
      readonly kind: 'reload';
      /** The operator means it, however many BMCs are removed. */
      readonly allowRemoval: boolean;
      /** BMCs that are meant to be removed. */
      readonly removes: readonly string[];
    }
  | { readonly kind: 'metrics' };

/** `status` is an HTTP status code. */
export interface RefusedRequest {
  readonly kind: 'refused';
  readonly status: 400 | 404 | 405;
  readonly error: string;
}

const MAXIMUM_EVENTS = 1_000;
const instant = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
/** In characters; those that a worker makes have 20. */
const LONGEST_SESSION_ID = 64;

interface Resource {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The parameters that the query may have. */
  readonly query: readonly string[];
  readonly read: (query: URLSearchParams) => ControlRequest | string;
}

const resources: readonly Resource[] = [
  { method: 'GET', path: '/v1/bmcs', query: [], read: () => ({ kind: 'bmcs' }) },
  { method: 'GET', path: '/v1/status', query: [], read: () => ({ kind: 'status' }) },
  { method: 'GET', path: '/v1/connections', query: [], read: () => ({ kind: 'connections' }) },
  {
    method: 'GET',
    path: '/v1/events',
    query: ['follow', 'since', 'limit', 'bmc', 'level', 'kind', 'not_before'],
    read: readEvents,
  },
  { method: 'GET', path: '/v1/sessions', query: ['bmc'], read: readSessions },
  {
    method: 'POST',
    path: '/v1/close_session',
    query: ['bmc', 'session', 'by'],
    read: readCloseSession,
  },
  { method: 'POST', path: '/v1/reset_users', query: ['bmc', 'by'], read: readResetUsers },
  { method: 'POST', path: '/v1/reload', query: ['allow_removal', 'removes'], read: readReload },
  { method: 'GET', path: '/metrics', query: [], read: () => ({ kind: 'metrics' }) },
];
const BMC_PREFIX = '/v1/bmcs/';

/** `target` is the second part of the HTTP request line. */
export function readControlRequest(method: string, target: string): ControlRequest | RefusedRequest {
  const [path = '', ...queries] = target.split('?');
  const resource = resources.find((candidate) => candidate.path === path) ?? bmcResource(path);
  if (resource === undefined) {
    const known = [...resources.map((one) => `${one.method} ${one.path}`), `GET ${BMC_PREFIX}NAME`];
    return refuse(404, `no such resource; there are ${known.join(', ')}`);
  }
  if (method !== resource.method) return refuse(405, `${path} takes ${resource.method} only`);
  const query = new URLSearchParams(queries.join('?'));
  const unknown = [...query.keys()].find((key) => !resource.query.includes(key));
  if (unknown !== undefined) {
    const allowed = resource.query.length === 0 ? 'no parameters' : resource.query.join(', ');
    return refuse(400, `unknown parameter ${JSON.stringify(unknown)}: ${path} takes ${allowed}`);
  }
  const request = resource.read(query);
  return typeof request === 'string' ? refuse(400, request) : request;
}

function bmcResource(path: string): Resource | undefined {
  if (!path.startsWith(BMC_PREFIX)) return undefined;
  return {
    method: 'GET',
    path,
    query: [],
    read: () => {
      try {
        return { kind: 'bmc', name: decodeURIComponent(path.slice(BMC_PREFIX.length)) };
      } catch {
        return 'the name is not percent-encoded UTF-8';
      }
    },
  };
}

function readEvents(query: URLSearchParams): ControlRequest | string {
  const follow = query.get('follow') ?? '0';
  if (follow !== '0' && follow !== '1') return 'follow is 0 or 1';
  const since = readNumber(query.get('since') ?? '0');
  if (since === undefined) return 'since is the number of an event, a whole number from 0';
  const limit = readNumber(query.get('limit') ?? '100');
  if (limit === undefined || limit > MAXIMUM_EVENTS) return `limit is a whole number to ${MAXIMUM_EVENTS}`;
  const level = levelsBySeverity.find((one) => one === query.get('level'));
  if (query.has('level') && level === undefined) return `level is one of ${levelsBySeverity.join(', ')}`;
  const notBefore = query.get('not_before') ?? undefined;
  if (notBefore !== undefined && !instant.test(notBefore))
    return 'not_before is an instant in UTC, as 2026-11-28T10:30:00.000Z';
  const kinds = query.getAll('kind');
  const unknown = kinds.find((kind) => !eventKinds.includes(kind));
  if (unknown !== undefined)
    return `there is no kind of event ${printable(unknown, 100)}: the kinds are ${eventKinds.join(', ')}`;
  const bmc = query.get('bmc') ?? undefined;
  const filter = { since, kinds, ...defined({ level, notBefore, bmc }) };
  return { kind: 'events', follow: follow === '1', filter, limit };
}

function readSessions(query: URLSearchParams): ControlRequest {
  return { kind: 'sessions', ...defined({ bmc: query.get('bmc') ?? undefined }) };
}

function readCloseSession(query: URLSearchParams): ControlRequest | string {
  const [bmc, session] = [query.get('bmc'), query.get('session')];
  if (bmc === null || session === null || session.length > LONGEST_SESSION_ID)
    return 'bmc and session name the session that is to end';
  return { kind: 'closeSession', bmc, session, by: printable(query.get('by') ?? 'an operator', 100) };
}

function readResetUsers(query: URLSearchParams): ControlRequest | string {
  const bmc = query.get('bmc');
  if (bmc === null) return 'bmc names the BMC whose users are to be removed';
  return { kind: 'resetUsers', bmc, by: printable(query.get('by') ?? 'an operator', 100) };
}

function readReload(query: URLSearchParams): ControlRequest | string {
  const allowRemoval = query.get('allow_removal') ?? '0';
  if (allowRemoval !== '0' && allowRemoval !== '1') return 'allow_removal is 0 or 1';
  return { kind: 'reload', allowRemoval: allowRemoval === '1', removes: query.getAll('removes') };
}

function readNumber(text: string): number | undefined {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

function refuse(status: RefusedRequest['status'], error: string): RefusedRequest {
  return { kind: 'refused', status, error };
}
