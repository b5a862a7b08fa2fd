import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh directory, removed after the last test of the file: by then the processes that write into it have been ended. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'vbmc-test-'));
  afterTheseTests.push(path);
  return path;
}

const afterTheseTests: string[] = [];

// Not after each test: this file is loaded before its user, so its hook would run before the one that ends the processes.
// What only its user's `afterAll` ends may still write.
afterAll(() => {
  const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
  for (const path of afterTheseTests) rmSync(path, options);
});
