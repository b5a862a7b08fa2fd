import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Exchanges two entries in one step, again and again: renameat2(2) with RENAME_EXCHANGE. */
const PROGRAM = `
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
one, other = (path.encode() for path in sys.argv[1:])
print('exchanging', flush=True)
while True:
    libc.renameat2(-100, one, -100, other, 2)
`;

/** As user `uid`, in a process of its own, until the function returned is called. */
export async function exchangeInALoop(one: string, other: string, uid: number): Promise<() => Promise<void>> {
  const child = spawn('python3', ['-c', PROGRAM, one, other], { uid, gid: uid, cwd: '/' });
  await once(child.stdout, 'data');
  return async () => {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
}
