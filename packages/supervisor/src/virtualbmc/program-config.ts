/** What VirtualBMC's own settings, `virtualbmc.conf`, mean here. Pure. */
import type { Problem } from '../text/problem.ts';
import { defined } from '../text/records.ts';
import { configText, readConfigFile, type ConfigSection } from './config-file.ts';

/** A finding about one line of the file. */
export interface ConfigFinding extends Problem {
  /** 1-based; absent when it is about the file as a whole. */
  readonly line?: number;
  readonly section?: string;
  readonly key?: string;
}

export interface ProgramConfig {
  /** The directory that holds a directory for each BMC; absent when the file does not say. */
  readonly configDir?: string;
  /** Settings without effect, each with what to use in its place. */
  readonly warnings: readonly ConfigFinding[];
  /** Why the file cannot be followed. */
  readonly errors: readonly ConfigFinding[];
}

const notStarted: Problem = {
  message: 'vbmc does not start vbmcd, so it does not wait for that either',
  remedy: 'remove it',
};

/** The keys that VirtualBMC knows, without `config_dir`, which is followed. */
const withoutEffect: Readonly<Record<string, Readonly<Record<string, Problem>>>> = {
  default: {
    show_passwords: {
      message: 'no command of vbmc shows passwords',
      remedy: 'look into the file of the BMC, and remove it',
    },
    pid_file: { message: 'vbmcd writes no such file', remedy: 'vbmc status --json has its pid; remove it' },
    server_port: {
      message: 'vbmc talks to vbmcd over a unix socket, not over TCP',
      remedy: 'name another socket with --run-dir, if two vbmcd run; remove it',
    },
    server_response_timeout: {
      message: 'vbmc waits as long as each command takes',
      remedy: 'remove it',
    },
    server_spawn_wait: notStarted,
  },
  log: {
    logfile: {
      message: 'vbmcd writes its log to standard error, which systemd puts into the journal',
      remedy: 'read it with journalctl -u vbmc; remove it',
    },
    debug: {
      message: 'how much is logged is an option of vbmcd',
      remedy: 'start it with --log-level debug; remove it',
    },
  },
  ipmi: {
    session_timeout: {
      message:
        'VirtualBMC wakes up that often; vbmcd has no such interval, and ends sessions after 60 s of silence',
      remedy: 'remove it',
    },
  },
};

/** What VirtualBMC takes for no, as Python's text of a boolean. */
const off = new Set(['false', 'no', 'off', '0', '']);
const switches = new Set(['show_passwords', 'debug']);

export function readProgramConfig(text: string): ProgramConfig {
  const config = readConfigFile(text);
  if (!config.ok) return { warnings: [], errors: [config.problem] };
  const named = config.sections.find(({ name }) => name === 'default');
  const directory = named && configDirectory(named);
  const warnings = config.sections.flatMap(findings);
  return { ...defined({ configDir: directory?.path }), warnings, errors: directory?.errors ?? [] };
}

function configDirectory(section: ConfigSection): {
  readonly path?: string;
  readonly errors: readonly ConfigFinding[];
} {
  const value = configText(section, 'config_dir');
  if (value === undefined) return { errors: [] };
  const place = { section: section.name, key: 'config_dir' };
  if (!value.ok) return { errors: [{ ...place, ...value.problem }] };
  if (value.text.startsWith('/') && !/\p{Cc}/u.test(value.text)) return { path: value.text, errors: [] };
  const { line } = section.values.get('config_dir') ?? section;
  return {
    errors: [{ ...place, line, message: 'the path does not begin with /', remedy: 'write the whole path' }],
  };
}

function findings(section: ConfigSection): readonly ConfigFinding[] {
  const known = withoutEffect[section.name];
  return [...section.values].flatMap(([key, { line, written }]): ConfigFinding[] => {
    if (section.name === 'default' && key === 'config_dir') return [];
    if (switches.has(key) && off.has(written.toLowerCase())) return [];
    const problem = known?.[key] ?? {
      message: 'VirtualBMC has no such key, so it has no effect',
      remedy: 'remove it',
    };
    return [{ line, section: section.name, key, ...problem }];
  });
}
