import { readFileSync } from 'node:fs';
import { withParts } from '../../config/man-writer/generated-parts.ts';
import { literal, prose } from '../../config/man-writer/mdoc.ts';
import { manualPages } from '../../config/man-writer/pages.ts';
import { bmcKeys, settingsKeys, userKeys } from '#supervisor/inventory/known-keys.ts';

const INVENTORY_PAGE = readFileSync(new URL('../../config/man/domains.ini.5', import.meta.url), 'utf8');

/** The keys that a subsection explains. */
function explainedKeys(title: string): readonly string[] {
  const [, body = ''] = INVENTORY_PAGE.split(`\n.Ss ${title}`);
  const [subsection = ''] = body.split(/\n\.S[sh] /);
  const tags = subsection.split('\n').filter((line) => line.startsWith('.It '));
  return tags.flatMap((tag) => [...tag.matchAll(/Cm ([a-z0-9_]+)/g)].map(([, key = '']) => key));
}

test.each(manualPages())('$path says of the command line what the command line says', ({ found, wanted }) => {
  // If not: `npm run man` writes it.
  expect(found).toBe(wanted);
});

test.each([
  ['[NAME], a BMC', bmcKeys],
  ['[NAME user USERNAME]', userKeys],
  ['[vbmc]', settingsKeys],
])('domains.ini(5) explains every key of %s, and no other', (title, known) => {
  expect([...explainedKeys(title)].sort()).toEqual([...known].sort());
});

test.each(bmcKeys)('docs/configure.md has the key %s', (key) => {
  const page = readFileSync(new URL('../../docs/configure.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`${key}\``);
});

describe('mdoc', () => {
  test('no character of a text has a meaning of its own', () => {
    expect(literal(['.x', `a\\b -c ~ ^ "q" 'r'`])).toBe(
      '.Bd -literal -offset indent\n\\&.x\na\\eb \\-c \\(ti \\(ha \\(dqq\\(dq \\(aqr\\(aq\n.Ed',
    );
  });

  test('a sentence begins a line, what is typed is bold, paths are not hyphenated', () => {
    expect(prose('As `vbmc list`. It reads /etc/vbmc.')).toBe(
      'As \\fBvbmc list\\fR.\nIt reads \\%/etc/vbmc.',
    );
  });

  test('long sentences are wrapped', () => {
    expect(
      prose('word '.repeat(40))
        .split('\n')
        .map(({ length }) => length),
    ).toEqual([74, 74, 49]);
  });
});

describe('the parts between marks', () => {
  const page = 'a\n.\\" BEGIN x: how\nold\n.\\" END\nb\n';

  test('are replaced, again and again', () => {
    const once = withParts(page, { x: 'new' });
    expect(once).toBe('a\n.\\" BEGIN x: how\nnew\n.\\" END\nb\n');
    expect(withParts(once, { x: 'new' })).toBe(once);
  });

  test('and parts belong together', () => {
    expect(() => withParts(page, {})).toThrow('nothing is to stand between the marks x');
    expect(() => withParts(page, { x: '', y: '' })).toThrow('no marks for y');
  });
});
