import { rmdirSync } from 'node:fs';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { runVirsh } from '#worker/libvirt/run-virsh.ts';

// `sh -q -c SCRIPT`: the fixture drops the first argument and gives the rest to a shell.
function runScript(script: string): ReturnType<typeof runVirsh> {
  const program = new URL('../../fixtures/bin/virsh-shell', import.meta.url).pathname;
  return runVirsh({ argv: ['-q', '-c', script], program }, { deadlineMs: 20_000 });
}

test('the output of a virsh that has ended counts, even while a child of it holds the pipes', async () => {
  const run = await runScript('sleep 15 & echo "$!"; echo done >&2; exit 3');
  expect(run).toEqual({ how: 'failed', exitCode: 3, stderr: 'done\n' });
  const succeeded = await runScript('sleep 15 & echo "$!"');
  expect(succeeded).toMatchObject({ how: 'succeeded', stdout: expect.stringMatching(/^\d+\n$/) as unknown });
});

test('a virsh that the system cannot start is a value, not an exception', async () => {
  const argv = ['x'.repeat(3_000_000)];
  expect(await runVirsh({ argv }, { deadlineMs: 5_000 })).toEqual({ how: 'notStarted', code: 'E2BIG' });
});

// As root in a test: the directory has gone. As `runuser -u vbmc -- vbmc doctor` in root's home: vbmc may not enter it.
test('virsh starts where its user cannot enter the working directory', async () => {
  await runScript('true');
  const [before, gone] = [process.cwd(), temporaryDirectory()];
  process.chdir(gone);
  rmdirSync(gone);
  try {
    expect(await runScript('pwd')).toMatchObject({ how: 'succeeded', stdout: '/\n' });
  } finally {
    process.chdir(before);
  }
});
