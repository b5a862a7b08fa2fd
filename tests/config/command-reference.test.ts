import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allCommands, commandReference } from '../../config/command-reference/reference.ts';
import { commandTexts } from '../../config/command-reference/texts.ts';

const PAGE = fileURLToPath(new URL('../../docs/ipmi-commands.md', import.meta.url));

/** Prettier fills the columns of tables and the lines of paragraphs. */
function withoutFilling(text: string): string {
  return text
    .replaceAll(/[ \n]+/g, ' ')
    .replaceAll(/-{3,}/g, '---')
    .trim();
}

test('docs/ipmi-commands.md is what the registry says: `npm run reference` brings it up to date', () => {
  expect(withoutFilling(readFileSync(PAGE, 'utf8'))).toBe(withoutFilling(commandReference()));
});

test('every command has a text, and every text has a command', () => {
  const names = allCommands.map(({ command }) => command.name);
  expect([...names].sort()).toEqual(Object.keys(commandTexts).sort());
});
