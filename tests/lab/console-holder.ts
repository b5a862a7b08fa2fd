import { buildSync } from 'esbuild';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import type { ConsoleEnd } from '#worker/console/console-stream.ts';
import { waitFor } from '#support/wait-for.ts';
import type { PrivateLibvirt } from './private-libvirt.ts';

export type HolderCommand = { readonly id: string } & (
  | { readonly does: 'open'; readonly domain: string; readonly device?: string; readonly force: boolean }
  | { readonly does: 'type'; readonly base64: string }
  | { readonly does: 'break' | 'close' }
);

export type HolderReport = { readonly id: string } & (
  | { readonly what: 'opened' }
  | { readonly what: 'data'; readonly base64: string }
  | { readonly what: 'ended'; readonly reason: ConsoleEnd; readonly text: string }
  | { readonly what: 'break'; readonly isAccepted: boolean }
);

/** One console of the holder, as it is now. */
export interface HeldConsole {
  readonly isOpen: boolean;
  readonly end: { readonly reason: ConsoleEnd; readonly text: string } | undefined;
  /** Everything it has brought. */
  readonly output: Buffer;
  opened(): Promise<unknown>;
  ended(): Promise<ConsoleEnd>;
  /** Waits until `text` has come. */
  says(text: Buffer | string): Promise<unknown>;
  type(bytes: Buffer | string): void;
  sendBreak(): Promise<boolean>;
  close(): void;
}

/** A process of the lab that holds consoles open, as a worker does. */
export interface ConsoleHolder {
  readonly process: ChildProcessWithoutNullStreams;
  open(domain: string, options?: { readonly device?: string; readonly force?: boolean }): HeldConsole;
}

/** Bundles the holder for the lab's user, who need not be able to read this checkout. Once for a lab. */
export function bundleConsoleHolder(libvirt: PrivateLibvirt): string {
  const entry = fileURLToPath(new URL('../fixtures/bin/console-holder.ts', import.meta.url));
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  return libvirt.directory.write('console-holder.cjs', outputFiles[0]?.text ?? '');
}

export function startConsoleHolder(libvirt: PrivateLibvirt, bundle: string): ConsoleHolder {
  const child = libvirt.spawn(process.execPath, [bundle, libvirt.connectionUri]);
  child.stderr.pipe(process.stderr);
  const reports = new Map<string, HolderReport[]>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as HolderReport;
    reports.get(report.id)?.push(report);
  });
  const send = (command: HolderCommand): void => void child.stdin.write(`${JSON.stringify(command)}\n`);
  return {
    process: child,
    open: (domain, { device, force = false } = {}) => {
      const id = String(reports.size);
      const own: HolderReport[] = [];
      reports.set(id, own);
      send({ id, does: 'open', domain, force, ...(device !== undefined && { device }) });
      return heldConsole(id, own, send);
    },
  };
}

function heldConsole(
  id: string,
  reports: readonly HolderReport[],
  send: (command: HolderCommand) => void,
): HeldConsole {
  const find = <W extends HolderReport['what']>(what: W): Extract<HolderReport, { what: W }>[] =>
    reports.filter((report): report is Extract<HolderReport, { what: W }> => report.what === what);
  const held: HeldConsole = {
    get isOpen() {
      return find('opened').length > 0 && held.end === undefined;
    },
    get end() {
      return find('ended')[0];
    },
    get output() {
      return Buffer.concat(find('data').map(({ base64 }) => Buffer.from(base64, 'base64')));
    },
    opened: () =>
      waitFor('the console to open', () => {
        if (held.end !== undefined) throw new Error(JSON.stringify(held.end));
        return held.isOpen;
      }),
    ended: async () => (await waitFor('the console to end', () => held.end)).reason,
    says: (text) =>
      waitFor(`the console to say ${JSON.stringify(text.toString('latin1').slice(0, 40))}`, () => {
        if (!held.output.includes(text))
          throw new Error(JSON.stringify(held.output.toString('latin1').slice(-200)));
        return true;
      }),
    type: (bytes) => {
      send({ id, does: 'type', base64: Buffer.from(bytes as Buffer).toString('base64') });
    },
    sendBreak: async () => {
      const before = find('break').length;
      send({ id, does: 'break' });
      return (await waitFor('an answer to the break', () => find('break')[before])).isAccepted;
    },
    close: () => {
      send({ id, does: 'close' });
    },
  };
  return held;
}
