import { anyFileHangs, withoutHanging } from '#supervisor/host/hanging-files.ts';

test('an operation in time passes, and so does its error', async () => {
  expect(await withoutHanging('/x', () => Promise.resolve(5))).toBe(5);
  await expect(withoutHanging('/x', () => Promise.reject(new Error('ENOENT')))).rejects.toThrow('ENOENT');
  expect(anyFileHangs()).toBe(false);
});

test('one that hangs is given up, and not begun again until it has ended', async () => {
  let answer = (): void => undefined;
  let begun = 0;
  const hang = (): Promise<void> =>
    new Promise((resolve) => {
      begun += 1;
      answer = resolve;
    });
  await expect(withoutHanging('/nfs', hang, 10)).rejects.toMatchObject({
    message: 'the file system of /nfs has not answered for 0.01 s',
    remedy: 'check its mount',
  });
  await expect(withoutHanging('/nfs', hang, 10)).rejects.toThrow('/nfs still does not answer');
  expect([begun, anyFileHangs()]).toEqual([1, true]);
  expect(await withoutHanging('/etc', () => Promise.resolve('other files are read'))).toBe(
    'other files are read',
  );
  answer();
  await new Promise(setImmediate);
  expect(anyFileHangs()).toBe(false);
  expect(await withoutHanging('/nfs', () => Promise.resolve('again'), 10)).toBe('again');
});
