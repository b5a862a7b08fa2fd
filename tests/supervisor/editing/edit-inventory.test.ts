import fc from 'fast-check';
import { addSection, deleteSections, setKey } from '#supervisor/editing/edit-inventory.ts';
import { joinLines, splitLines } from '#supervisor/editing/text-lines.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { parseRawValue } from '#supervisor/inventory/raw-value.ts';
import { scanInventory } from '#supervisor/inventory/scan.ts';
import { bmcNameProblem } from '#supervisor/inventory/section-name.ts';

/** Lines that people write, and lines that no one would write. */
const content = fc.oneof(
  fc.string({ unit: 'binary' }).map((line) => line.replaceAll(/[\r\n]/g, '')),
  fc.constantFrom(
    ...['[a]', '[b] ; note', '  [c]', '[DEFAULT]', '[broken', '[]', '[a user eve]', '[vbmc]', '', '  ', '\t'],
    ...['; comment', '# [a]', 'port = 1', 'port=x', '  password = "a;b"', 'active=no', 'active = yes ; x'],
    ...['nonsense', '=', '\uFEFF'],
  ),
);
const end = fc.constantFrom('\n', '\r\n', '\r');

/** Any inventory, with and without byte order mark and final newline. */
const inventoryText = fc
  .tuple(fc.constantFrom('', '\uFEFF'), fc.array(fc.tuple(content, end)), fc.boolean())
  .map(([mark, lines, finalNewline]) => {
    const text = lines.map((line) => line.join('')).join('');
    return mark + (finalNewline ? text : text.replace(/(?:\r\n|\n|\r)$/, ''));
  });

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'web.example.org'),
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => bmcNameProblem(text) === undefined),
);
const value = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\uFFFD]/.test(text));

/** The meaning of an inventory: the name, raw keys and errors of each section. */
function meaning(text: string): unknown {
  return scanInventory(text).sections.map((section) => [
    section.name,
    section.entries.map(({ key, raw }) => [key, raw]),
    section.errors.map(({ message }) => message),
  ]);
}

function readKey(text: string, section: string, key: string): string | undefined {
  const found = scanInventory(text).sections.find((candidate) => candidate.name === section);
  const raw = found?.entries.find((entry) => entry.key === key)?.raw;
  const parsed = raw === undefined ? undefined : parseRawValue(raw);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** Whether `text` contains `lines` in this order, each with its line end, possibly with others between them. */
function standIn(lines: readonly string[], text: string): boolean {
  let next = 0;
  for (const line of splitLines(text)) if (joinLines([line]) === lines[next]) next += 1;
  return next === lines.length;
}

test('joined lines give the text that they come from', () => {
  fc.assert(
    fc.property(inventoryText, (text) => {
      expect(joinLines(splitLines(text))).toBe(text);
    }),
  );
});

describe('addSection', () => {
  test('the text before it stays the same byte for byte, and the section has the given keys', () => {
    fc.assert(
      fc.property(inventoryText, name, value, value, (text, section, domain, password) => {
        const edited = addSection(text, section, [
          ['domain_name', domain],
          ['password', password],
        ]);
        expect(edited.startsWith(text)).toBe(true);
        const before = scanInventory(text).sections;
        const after = scanInventory(edited).sections;
        expect(after.slice(0, -1)).toEqual(before);
        const added = after.at(-1);
        expect(added?.name).toBe(section);
        expect(added?.errors).toEqual([]);
        expect(added?.entries.map(({ key, raw }) => [key, parseRawValue(raw)])).toEqual([
          ['domain_name', { ok: true, value: domain }],
          ['password', { ok: true, value: password }],
        ]);
      }),
    );
  });

  test('parse(add(x)) has the added BMC, and all others as before', () => {
    const others = (text: string, except: string): unknown =>
      parseInventory(text).entries.flatMap((entry) =>
        entry.valid && entry.settings.name !== except ? [entry.settings] : [],
      );
    fc.assert(
      fc.property(inventoryText, (text) => {
        const known = scanInventory(text).sections.map((section) => section.name);
        fc.pre(!known.includes('new one'));
        // Inactive, so that it conflicts with no port and no domain of another BMC.
        const edited = addSection(text, 'new one', [
          ['password', ' "; #%= '],
          ...(['domain_name', 'port', 'address', 'username', 'libvirt_uri'] as const).map(
            (key, index) => [key, ['vm', '7', '::1', 'u', 'test:///default'][index] ?? ''] as const,
          ),
          ['active', 'no'],
          ['libvirt_sasl_username', 's'],
          ['libvirt_sasl_password', 'p'],
        ]);
        const entry = parseInventory(edited).entries.find(
          (candidate) => candidate.valid && candidate.settings.name === 'new one',
        );
        expect(entry).toMatchObject({
          settings: { domainName: 'vm', port: 7, address: '::1', connectionUri: 'test:///default' },
        });
        expect(entry?.valid === true && entry.settings.users[0]?.password.reveal()).toBe(' "; #%= ');
        expect(others(edited, 'new one')).toEqual(others(text, 'new one'));
      }),
    );
  });

  test.each([
    ['', '[n]\nport = 1\n'],
    ['[a]\n', '[a]\n\n[n]\nport = 1\n'],
    ['[a]\r\nport=2', '[a]\r\nport=2\r\n\r\n[n]\r\nport = 1\r\n'],
    ['[a]\n\n', '[a]\n\n[n]\nport = 1\n'],
  ])('%j becomes %j', (text, edited) => {
    expect(addSection(text, 'n', [['port', '1']])).toBe(edited);
  });
});

describe('deleteSections', () => {
  test('no other line and no other section changes, and the section is gone', () => {
    fc.assert(
      fc.property(inventoryText, fc.constantFrom('a', 'b', 'c', 'a user eve'), (text, gone) => {
        const edited = deleteSections(text, (section) => section === gone);
        const sections = scanInventory(text).sections.filter((section) => section.name === gone);
        const removed = (line: number): boolean =>
          sections.some((section) => {
            const own = [...section.entries, ...section.errors].map((entry) => entry.line ?? 0);
            return line >= section.line && line <= Math.max(section.line, ...own);
          });
        const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
        const kept = splitLines(text.slice(mark.length)).filter((_, index) => !removed(index + 1));
        expect(edited).toBe(mark + joinLines(kept));
        expect(meaning(edited)).toEqual(
          (meaning(text) as [string][]).filter(([section]) => section !== gone),
        );
      }),
      // A second byte order mark that becomes the first character is text.
      { examples: [['[a]\n\uFEFF', 'a']] },
    );
  });

  test('deleting an added section gives the old text, up to the blank line and newline before it', () => {
    fc.assert(
      fc.property(inventoryText, name, value, (text, section, password) => {
        fc.pre(!scanInventory(text).sections.some((known) => known.name === section));
        const added = addSection(text, section, [['password', password]]);
        const back = deleteSections(added, (known) => known === section);
        expect(back.startsWith(text)).toBe(true);
        expect(back.slice(text.length)).toMatch(/^[\r\n]*$/);
        // Doing it again adds nothing more.
        expect(deleteSections(addSection(back, section, []), (known) => known === section)).toBe(back);
      }),
    );
  });

  test('comments around a section stay, those within it go', () => {
    const text = '; one\n[a]\nport=1\n; of a\npassword=x\n\n; two\n[b]\npassword=y\n';
    expect(deleteSections(text, (section) => section === 'a')).toBe('; one\n\n; two\n[b]\npassword=y\n');
  });
});

describe('setKey', () => {
  test('only the line of the key changes, or one line is added', () => {
    fc.assert(
      fc.property(
        inventoryText,
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom('active', 'port'),
        value,
        (text, section, key, wanted) => {
          const edited = setKey(text, section, key, wanted);
          const found = scanInventory(text).sections.find((known) => known.name === section);
          if (found === undefined) {
            expect(edited).toBe(text);
            return;
          }
          expect(readKey(edited, section, key)).toBe(wanted);
          const line = found.entries.find((entry) => entry.key === key)?.line;
          const before = splitLines(text).map((one) => joinLines([one]));
          if (line === undefined) {
            expect(splitLines(edited)).toHaveLength(before.length + 1);
            // The line before the added last one gets the newline that it did not have.
            expect(standIn(before.slice(0, -1), edited)).toBe(true);
            expect(edited.replaceAll(/[\r\n]/g, '')).toContain(before.at(-1)?.replaceAll(/[\r\n]/g, ''));
          } else {
            const after = splitLines(edited).map((one) => joinLines([one]));
            expect(after.toSpliced(line - 1, 1)).toEqual(before.toSpliced(line - 1, 1));
          }
        },
      ),
    );
  });

  test.each([
    ['[a]\n  active =  no\n', '[a]\n  active =  yes\n'],
    ['[a]\r\nactive=no ; old', '[a]\r\nactive=yes'],
    ['[a]\nport=1\n\n; next\n[b]\n', '[a]\nport=1\nactive = yes\n\n; next\n[b]\n'],
    ['[a]', '[a]\nactive = yes'],
  ])('%j becomes %j', (text, edited) => {
    expect(setKey(text, 'a', 'active', 'yes')).toBe(edited);
  });

  test('a value with a line break cannot be written', () => {
    expect(() => setKey('[a]\n', 'a', 'password', 'x\nport = 1')).toThrow(RangeError);
  });
});
