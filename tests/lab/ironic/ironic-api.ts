/** As much of Ironic's API as it takes to drive nodes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '#support/wait-for.ts';

const VERSION = '1.82';
const TRIES = 60;

export interface IronicNode {
  readonly uuid: string;
  readonly name: string;
  readonly provision_state: string;
  readonly power_state: string | null;
  /** What Ironic is still working on. */
  readonly target_power_state: string | null;
  /** The conductor that has locked the node. */
  readonly reservation: string | null;
  readonly last_error: string | null;
  readonly driver_info: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface IronicApi {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  put(path: string, body: unknown): Promise<void>;
  patch(path: string, body: unknown): Promise<void>;
  delete(path: string): Promise<void>;
  node(name: string): Promise<IronicNode>;
  /** Waits until Ironic has unlocked a node and `holds` is true of it. */
  settled(name: string, holds: (node: IronicNode) => boolean, timeoutMs?: number): Promise<IronicNode>;
}

/** An answer that is neither success nor "try again later". */
export class IronicRefusal extends Error {
  readonly status: number;

  constructor(request: string, status: number, text: string) {
    super(`${request}: HTTP ${status} ${text}`);
    this.status = status;
  }
}

export function ironicApi(endpoint: string): IronicApi {
  const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(`${endpoint}/v1${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', 'X-OpenStack-Ironic-API-Version': VERSION },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? undefined : JSON.parse(text);
      if (!isBusy(response.status, text) || tries >= TRIES) {
        throw new IronicRefusal(`${method} ${path}`, response.status, text);
      }
      await sleep(1_000);
    }
  };
  const node = async (name: string): Promise<IronicNode> =>
    (await request('GET', `/nodes/${name}`)) as IronicNode;
  return {
    get: (path) => request('GET', path),
    post: (path, body) => request('POST', path, body),
    put: async (path, body) => {
      await request('PUT', path, body);
    },
    patch: async (path, body) => {
      await request('PATCH', path, body);
    },
    delete: async (path) => {
      await request('DELETE', path);
    },
    node,
    settled: (name, holds, timeoutMs = 120_000) =>
      waitFor(
        `${name} to reach the wanted state`,
        async () => {
          const now = await node(name);
          if (now.reservation === null && holds(now)) return now;
          const { provision_state: state, power_state: power, target_power_state: target } = now;
          const details = [`target ${target ?? 'none'}`, `reservation ${now.reservation ?? 'none'}`];
          throw new Error(
            `${state}, ${power ?? 'power unknown'}, ${details.join(', ')}; ${now.last_error ?? ''}`,
          );
        },
        { timeoutMs, intervalMs: 500 },
      ),
  };
}

/** While Ironic works on a node, requests about it are refused with 409; sqlite has one writer at a time. */
function isBusy(status: number, text: string): boolean {
  if (status === 409) return /lock/i.test(text);
  return (status === 500 || status === 503) && text.includes('database is locked');
}
