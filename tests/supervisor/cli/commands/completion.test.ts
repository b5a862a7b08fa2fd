import { execFileSync } from 'node:child_process';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';

async function script(shell: string): Promise<string> {
  return (await runVbmc(['completion', shell])).results;
}

/** What bash offers with the cursor at the end of the last word. */
async function offered(...words: string[]): Promise<string[]> {
  const ask = `${await script('bash')}\nvbmc() { printf 'node-0\\nnode-1\\n'; }\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _vbmc; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['-c', ask, 'bash', 'vbmc', ...words], { encoding: 'utf8' });
  return answer.split('\n').filter((word) => word !== '');
}

test('bash offers verbs, options, choices and the names of BMCs', async () => {
  expect(await offered('sta')).toEqual(['status', 'start']);
  expect(await offered('--run-dir', '/x', 'del')).toEqual(['delete']);
  expect(await offered('add', '--pa')).toEqual(['--password']);
  expect(await offered('import', 'vi')).toEqual(['virtualbmc']);
  expect(await offered('start', 'node-0', 'no')).toEqual(['node-0', 'node-1']);
  expect(await offered('add', '--port', '6')).toEqual([]);
});

test('the script of every shell has every verb', async () => {
  const { results } = await runVbmc(['--help']);
  const verbs = [...results.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb]) => verb ?? '');
  expect(verbs).toContain('doctor');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const text = await script(shell);
    for (const verb of verbs) expect(text).toContain(verb);
  }
  expect((await script('zsh')).startsWith('#compdef vbmc\n')).toBe(true);
});

test('an unknown shell is a usage error', async () => {
  expect((await runVbmc(['completion', 'tcsh'])).exitCode).toBe(2);
});
