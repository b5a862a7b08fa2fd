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

test.each(manualPages())('$path is up to date with the command line', ({ found, wanted }) => {
  // `npm run man` updates it.
  expect(found).toBe(wanted);
});

test.each([
  ['[NAME], a BMC', bmcKeys],
  ['[NAME user USERNAME]', userKeys],
  ['[vbmc]', settingsKeys],
])('domains.ini(5) explains exactly the keys of %s', (title, known) => {
  expect([...explainedKeys(title)].sort()).toEqual([...known].sort());
});

test.each(bmcKeys)('docs/configure.md has the key %s', (key) => {
  const page = readFileSync(new URL('../../docs/configure.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`${key}\``);
});

describe('mdoc', () => {
  test('characters that are markup are escaped', () => {
    expect(literal(['.x', `a\\b -c ~ ^ "q" 'r'`])).toBe(
      '.Bd -literal -offset indent\n\\&.x\na\\eb \\-c \\(ti \\(ha \\(dqq\\(dq \\(aqr\\(aq\n.Ed',
    );
  });

  test('each sentence begins a line, typed words are bold, paths are not hyphenated', () => {
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

  test('are replaced, also the second time', () => {
    const once = withParts(page, { x: 'new' });
    expect(once).toBe('a\n.\\" BEGIN x: how\nnew\n.\\" END\nb\n');
    expect(withParts(once, { x: 'new' })).toBe(once);
  });

  test('marks without a part and parts without marks are errors', () => {
    expect(() => withParts(page, {})).toThrow('there is no part for the marks x');
    expect(() => withParts(page, { x: '', y: '' })).toThrow('no marks for y');
  });
});
