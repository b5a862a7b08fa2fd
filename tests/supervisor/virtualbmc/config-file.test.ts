import { configText, readConfigFile, type ConfigFile } from '#supervisor/virtualbmc/config-file.ts';

function values(config: ConfigFile, name = 'VirtualBMC'): Record<string, string | undefined> {
  const section = config.ok ? config.sections.find((one) => one.name === name) : undefined;
  if (section === undefined) throw new Error('there is no such section');
  const keys = [...section.values.keys()];
  return Object.fromEntries(
    keys.map((key) => {
      const value = configText(section, key);
      return [key, value?.ok === true ? value.text : undefined];
    }),
  );
}

test('ConfigParser: lower case, colons, comments, defaults and references', () => {
  const text = '[DEFAULT]\nPort: 1\n; note\n[VirtualBMC]\n# note\nUserName = %(PORT)s-%%\npassword = a ; b\n';
  expect(values(readConfigFile(text))).toEqual({ port: '1', username: '1-%', password: 'a ; b' });
});

test('lines that are indented alike are keys, a deeper one continues the value', () => {
  const text = '[VirtualBMC]\n  username = a\n  port = 1\n    2\n';
  expect(values(readConfigFile(text))).toEqual({ username: 'a', port: '1\n2' });
});

test('a value that nobody asks for may hold anything, as in VirtualBMC', () => {
  const text = '[VirtualBMC]\nport = 1\nnote = 100%\n';
  expect(values(readConfigFile(text))).toEqual({ port: '1', note: undefined });
});

test('values that refer to each other twice and more are refused at once, not multiplied', () => {
  const levels = Array.from({ length: 9 }, (_, level) => `k${level} = ${`%(k${level + 1})s`.repeat(1000)}`);
  const text = `[VirtualBMC]\n${levels.join('\n')}\nk9 = x\npassword = %(k0)s\n`;
  expect(values(readConfigFile(text))['password']).toBeUndefined();
});

test('a line of any length is read in a time that grows with its length', () => {
  const text = `[VirtualBMC]\na${' '.repeat(2_000_000)}b\n`;
  expect(readConfigFile(text)).toMatchObject({ ok: false, problem: { line: 2 } });
});

test.each([
  ['a key before the first section', 'port = 1\n', 1, 'neither [section] nor key = value'],
  ['no key', '[VirtualBMC]\n= 1\n', 2, 'neither [section] nor key = value'],
  ['a section twice', '[VirtualBMC]\n[VirtualBMC]\n', 2, 'the section appears twice'],
])('%s', (_, text, line, message) => {
  expect(readConfigFile(text)).toMatchObject({
    ok: false,
    problem: { line, message: expect.stringContaining(message) as string },
  });
});
