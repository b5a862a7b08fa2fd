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
