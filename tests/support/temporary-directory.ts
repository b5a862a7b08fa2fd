import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh directory for one test, removed after it. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'vbmc-test-'));
  afterThisTest.push(path);
  return path;
}

const afterThisTest: string[] = [];

afterEach(() => {
  for (const path of afterThisTest.splice(0)) rmSync(path, { recursive: true, force: true });
});
