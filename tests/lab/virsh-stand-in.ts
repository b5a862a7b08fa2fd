import { existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { LabDirectory } from './lab-directory.ts';
import { findProgram } from './lab-environment.ts';
import { copyIntoLab } from './installed-app.ts';

export type VirshBehaviour =
  | 'as-usual'
  | 'without-monitor'
  | 'slow'
  | 'holds'
  | 'delays'
  | 'lingers'
  | 'stalls'
  | 'lies'
  | 'hangs'
  | 'dies'
  | 'garbage'
  | 'megabytes'
  | 'absent';

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/** A `virsh` for the workers of one lab, whose behaviour can be changed while they run. */
export interface VirshStandIn {
  /** For `VbmcdOptions.path`: the only directory on it, so that no other `virsh` is found. */
  readonly path: string;
  /** From the next call on. */
  behave(behaviour: VirshBehaviour): void;
  /** `holds` at this call, e.g. `after start 1`, or at the first of these that is about its domain (`after start 1 node-3`). */
  holdAt(...places: readonly string[]): void;
  /** `delays`: each `destroy` takes this many seconds more. */
  delayDestroy(seconds: number): void;
  /** `stalls`: each call, or each that names this domain, waits until `endStall`, and then does what it was asked for. */
  stall(domain?: string): void;
  endStall(): void;
  /** The verbs that change something, in the order of their calls, as `slow`, `holds` and `delays` note them. */
  calls(): string[];
  forgetCalls(): void;
  /** The processes that the workers' calls have left, or the domain watch's. */
  processesLeft(caller?: 'workers' | 'watch'): readonly LeftProcess[];
}

const FIXTURES = join(import.meta.dirname, '../fixtures/bin');

export function installVirshStandIn(directory: LabDirectory): VirshStandIn {
  const path = copyIntoLab(directory, FIXTURES, 'virsh-stand-in');
  const program = join(path, 'virsh');
  const away = join(path, 'virsh-as-told');
  // `setpriv` and `true`: no `virsh` outlives its worker. `flock` and `prlimit`: vbmcd locks its run directory, forbids core dumps.
  for (const name of ['setpriv', 'true', 'flock', 'prlimit']) {
    const found = findProgram(name);
    if (found !== undefined) symlinkSync(found, join(path, name));
  }
  const write = (name: string, text: string): string => directory.write(`virsh-stand-in/${name}`, text);
  const logFile = write('log', '');
  const standIn: VirshStandIn = {
    path,
    behave: (behaviour) => {
      write('behaviour', `${behaviour}\n`);
      const absent = behaviour === 'absent';
      if (existsSync(program) === absent)
        renameSync(...(absent ? ([program, away] as const) : ([away, program] as const)));
    },
    holdAt: (...places) => {
      standIn.forgetCalls();
      write('hold', places.map((place) => `${place}\n`).join(''));
      standIn.behave('holds');
    },
    delayDestroy: (seconds) => {
      standIn.forgetCalls();
      write('delay', `${seconds}\n`);
      standIn.behave('delays');
    },
    stall: (domain = '*') => {
      write('stalled', `${domain}\n`);
      standIn.behave('stalls');
    },
    endStall: () => {
      standIn.behave('as-usual');
      rmSync(join(path, 'stalled'), { force: true });
    },
    calls: () => readFileSync(logFile, 'utf8').split('\n').slice(0, -1),
    forgetCalls: () => {
      write('log', '');
    },
    processesLeft: (caller = 'workers') =>
      readdirSync('/proc')
        .filter((pid) => {
          const environment = read(`/proc/${pid}/environ`);
          if (!environment.includes(`VIRSH_FIXTURE_LOG=${logFile}\0`)) return false;
          return environment.includes('VIRSH_FIXTURE_CALLER=watch\0') === (caller === 'watch');
        })
        .map((pid) => ({
          pid: Number(pid),
          command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '),
        }))
        // A dead process that waits for its parent has no command line any more.
        .filter(({ command }) => command !== ''),
  };
  standIn.behave('as-usual');
  return standIn;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
