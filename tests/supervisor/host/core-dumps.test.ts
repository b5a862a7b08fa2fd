import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { forbidCoreDumps } from '#supervisor/host/core-dumps.ts';

test('a process may no longer dump core, and nothing else changes', async () => {
  const child = spawn('sleep', ['60']);
  try {
    const limits = (): string => readFileSync(`/proc/${child.pid}/limits`, 'utf8');
    const others = (): string => limits().replace(/^Max core file size.*$/m, '');
    const before = others();
    expect(await forbidCoreDumps(child.pid ?? 0)).toBeUndefined();
    expect(limits()).toMatch(/^Max core file size +0 +0 /m);
    expect(others()).toBe(before);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a failure resolves with its reason', async () => {
  expect(await forbidCoreDumps(2 ** 22 + 1)).toContain('prlimit');
});
