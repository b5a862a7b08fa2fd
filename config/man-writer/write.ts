/** `npm run man`: brings the manual pages up to date with the command line. */
import { writeFileSync } from 'node:fs';
import { manualPages } from './pages.ts';

for (const { path, found, wanted } of manualPages()) {
  if (found !== wanted) writeFileSync(path, wanted);
}
