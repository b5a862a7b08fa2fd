/** What TAB does in real shells, on real terminals, where a BMC's name is a command. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPrograms } from '#lab/debian-packages.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { waitFor } from '#support/wait-for.ts';

const DIRECTORY = mkdtempSync(join(tmpdir(), 'vbmc-completion-'));
function at(file: string): string {
  return join(DIRECTORY, file);
}

/** Lists the names of a file, and keeps what `vbmc show` was called with. */
const VBMC = `#!/bin/sh
case "$1" in
list) cat "${at('names')}" ;;
show) shift; printf '%s\\n' "$@" > "${at('got.new')}"; mv "${at('got.new')}" "${at('got')}" ;;
esac
`;

/** The command line of an interactive shell, and what loads the completion. */
const shells = {
  bash: { command: 'bash --norc --noprofile -i', load: `. ${at('vbmc.bash')}` },
  zsh: {
    command: 'zsh -f -i',
    load: `fpath=(${at('zsh')} $fpath); autoload -U compinit; compinit -u -D`,
  },
  fish: { command: 'fish --no-config -i', load: `source ${at('vbmc.fish')}` },
} as const;

beforeAll(async () => {
  await installPrograms({ zsh: 'zsh', fish: 'fish', script: 'bsdutils' }, { print: () => undefined });
  mkdirSync(at('bin'));
  mkdirSync(at('zsh'));
  writeFileSync(at('bin/vbmc'), VBMC);
  chmodSync(at('bin/vbmc'), 0o755);
  for (const [shell, file] of [
    ['bash', 'vbmc.bash'],
    ['zsh', 'zsh/_vbmc'],
    ['fish', 'vbmc.fish'],
  ] as const) {
    writeFileSync(at(file), (await runVbmc(['completion', shell])).results);
  }
});

afterAll(() => {
  rmSync(DIRECTORY, { recursive: true, force: true });
});

/** The arguments of `vbmc show` after `vbmc show a`, TAB and Enter, where the only BMC has this name. */
async function completed(shell: keyof typeof shells, name: string): Promise<string> {
  writeFileSync(at('names'), `${name}\n`);
  rmSync(at('got'), { force: true });
  const { command, load } = shells[shell];
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: DIRECTORY,
    env: {
      PATH: `${at('bin')}:/usr/bin:/bin`,
      HOME: DIRECTORY,
      LANG: 'C.UTF-8',
      TERM: 'dumb',
    },
  });
  let shown = '';
  terminal.stdout.on('data', (piece: Buffer) => (shown += piece.toString()));
  const ended = new Promise((resolve) => terminal.once('close', resolve));
  try {
    // The terminal echoes the command; its output is in one piece.
    terminal.stdin.write(`${load}; echo re''ady\n`);
    await waitFor(`${shell} to load the completion`, () => shown.includes('ready'));
    terminal.stdin.write('vbmc show a\t\n');
    await waitFor(`vbmc show in ${shell}`, () => existsSync(at('got')));
    return readFileSync(at('got'), 'utf8');
  } catch (error) {
    throw new Error(`${String(error)}\n${shown}`, { cause: error });
  } finally {
    terminal.stdin.end('exit\n');
    terminal.kill('SIGHUP');
    await ended;
  }
}

const hostileNames = [
  'a$(touch executed)',
  'a`touch executed`',
  'a;touch executed',
  'a"$(touch executed)"',
  `a'$(touch executed)'`,
  'a b c',
  'a\\',
  'a*?[x]{1,2}~&|<>(x)#!$HOME%',
  'a-ä€',
];

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  test.each(hostileNames)('completes %s to that one word, and executes none of it', async (name) => {
    expect(await completed(shell, name)).toBe(`${name}\n`);
    expect(existsSync(at('executed'))).toBe(false);
  });
});
