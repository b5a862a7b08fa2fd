import { join } from 'node:path';
import { writeInOneStep } from '#supervisor/host/write-in-one-step.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

test('an error of a full disk names the file', async () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const prepare = (): Promise<never> => Promise.reject(error);
  await expect(writeInOneStep(join(temporaryDirectory(), 'x'), '', { mode: 0o600, prepare })).rejects.toThrow(
    /^ENOSPC: no space left on device, write '.*\/x'$/,
  );
});
