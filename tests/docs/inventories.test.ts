/** Every ini block of the documentation is an inventory that vbmcd accepts, or says what else it is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSection } from '#supervisor/editing/edit-inventory.ts';
import { formatDiagnostic } from '#supervisor/inventory/diagnostic.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { importedSection } from '#supervisor/editing/imported-section.ts';
import { readMark } from '#support/docs/block-marks.ts';
import { CHECKOUT, placeOf, readPages, type CodeBlock } from '#support/docs/pages.ts';

const iniBlocks = readPages().flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'ini'));
const inventories = iniBlocks.filter((block) => readMark(block)?.kind !== 'notAnInventory');

/** Secret files are the reader's: each has a secret in it here. */
function findings(text: string): readonly string[] {
  const { diagnostics } = parseInventory(text, { readSecretFile: () => ({ ok: true, text: 'a secret' }) });
  return diagnostics.map((diagnostic) => formatDiagnostic('', diagnostic));
}

test.each(inventories.map((block) => [placeOf(block), block] as const))('%s', (_, { lines }) => {
  expect(findings(lines.join('\n'))).toEqual([]);
});

test('config/domains.ini', () => {
  expect(findings(readFileSync(join(CHECKOUT, 'config/domains.ini'), 'utf8'))).toEqual([]);
});

test('an error of an example is noticed', () => {
  expect(findings('[node-0]\nport = 6230\npassword = far-too-long-for-ipmi-2.0\n')).toEqual([
    expect.stringContaining('password'),
  ]);
});

test("VirtualBMC's configuration becomes the section that the page shows", () => {
  const blocks = iniBlocks.filter(({ page }) => page === 'docs/migrate-from-virtualbmc.md');
  const text = (block: CodeBlock | undefined): string => (block?.lines ?? []).join('\n');
  const [theirs, ours] = blocks;
  const imported = importedSection('node-0', text(theirs));
  if (!imported.ok) throw new Error(imported.problem.message);
  const { name, keys } = imported.section;
  expect(renderSection(name, keys).trim()).toBe(text(ours));
});
