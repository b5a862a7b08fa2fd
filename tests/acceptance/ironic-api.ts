/** As much of Ironic's API as it takes to drive nodes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '#lab/wait-for.ts';

const VERSION = '1.82';
/** While Ironic itself works on a node, requests about it are refused with 409. */
const LOCKED = 409;
const TRIES = 60;

export interface IronicNode {
  readonly name: string;
  readonly provision_state: string;
  readonly power_state: string | null;
  readonly reservation: string | null;
  readonly last_error: string | null;
  readonly driver_info: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface IronicApi {
  get(path: string): Promise<unknown>;
  put(path: string, body: unknown): Promise<void>;
  delete(path: string): Promise<void>;
  node(name: string): Promise<IronicNode>;
  /** Waits until Ironic has done its work on a node and `holds` is true of it. */
  settled(name: string, holds: (node: IronicNode) => boolean): Promise<IronicNode>;
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
      if (response.status !== LOCKED || tries >= TRIES) {
        throw new Error(`${method} ${path}: ${response.status} ${text}`);
      }
      await sleep(1_000);
    }
  };
  const node = async (name: string): Promise<IronicNode> =>
    (await request('GET', `/nodes/${name}`)) as IronicNode;
  return {
    get: (path) => request('GET', path),
    put: async (path, body) => {
      await request('PUT', path, body);
    },
    delete: async (path) => {
      await request('DELETE', path);
    },
    node,
    settled: (name, holds) =>
      waitFor(
        `${name} to be as wanted`,
        async () => {
          const now = await node(name);
          if (now.reservation === null && holds(now)) return now;
          throw new Error(
            `${now.provision_state}, ${now.power_state ?? 'power unknown'}; ${now.last_error ?? ''}`,
          );
        },
        { timeoutMs: 120_000, intervalMs: 500 },
      ),
  };
}
