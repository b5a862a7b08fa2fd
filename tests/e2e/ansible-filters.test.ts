import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

test('the filters of the Ansible role', () => {
  const directory = fileURLToPath(new URL('../config', import.meta.url));
  // Throws with what unittest says when one fails.
  execFileSync('python3', ['-B', '-m', 'unittest', 'discover', directory], { stdio: 'pipe' });
});
