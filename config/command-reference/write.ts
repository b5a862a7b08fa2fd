/** `npm run reference`: brings docs/ipmi-commands.md up to date. */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { commandReference } from './reference.ts';

const PATH = 'docs/ipmi-commands.md';
const options = await resolveConfig(PATH);
writeFileSync(PATH, await format(commandReference(), { ...options, filepath: PATH }));
