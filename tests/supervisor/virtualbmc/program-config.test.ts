import { readProgramConfig } from '#supervisor/virtualbmc/program-config.ts';
import { problemText } from '#supervisor/text/problem.ts';

function warnings(text: string): readonly string[] {
  return readProgramConfig(text).warnings.map((warning) => {
    return `${warning.line}: [${warning.section}] ${warning.key}: ${problemText(warning)}`;
  });
}

test.each([
  ['[default]\nshow_passwords = true\n', 'no command of vbmc shows passwords: look into the file of the BMC'],
  ['[default]\npid_file = /run/vbmcd.pid\n', 'vbmcd writes no such file: vbmc status --json has its pid'],
  ['[default]\nserver_port = 50892\n', 'unix socket, not over TCP: name another socket with --run-dir'],
  ['[default]\nserver_response_timeout = 5000\n', 'vbmc waits as long as each command takes: remove it'],
  ['[default]\nserver_spawn_wait = 3000\n', 'vbmc does not start vbmcd'],
  ['[log]\nlogfile = /var/log/virtualbmc.log\n', 'standard error, which systemd puts into the journal'],
  ['[log]\ndebug = True\n', 'start it with --log-level debug'],
  ['[ipmi]\nsession_timeout = 20\n', 'ends sessions after 60 s of silence: remove it'],
  ['[ipmi]\nsession_timout = 20\n', 'VirtualBMC has no such key'],
  ['[other]\nx = 1\n', 'VirtualBMC has no such key'],
])('%j is said to have no effect, with what to use in its place', (text, said) => {
  const [, section = '', key = ''] = /^\[(.*)\]\n(\w+)/.exec(text) ?? [];
  expect(warnings(text)).toEqual([expect.stringContaining(said)]);
  expect(warnings(text)[0]).toMatch(new RegExp(`^2: \\[${section}\\] ${key}: `));
});

test.each([
  '[default]\nshow_passwords = False\n',
  '[log]\ndebug = false\n',
  '[default]\nconfig_dir = /a\n',
  '',
])('%j needs no warning', (text) => {
  expect(warnings(text)).toEqual([]);
});

test.each([
  ['[default]\nconfig_dir=/root/.vbmc/conf/\n', '/root/.vbmc/conf/'],
  ['[DEFAULT]\nhome = /h\n[default]\nconfig_dir = %(home)s/x\n', '/h/x'],
  ['[log]\nconfig_dir = /a\n', undefined],
])('config_dir of %j is %s', (text, configDir) => {
  expect(readProgramConfig(text)).toMatchObject({ errors: [] });
  expect(readProgramConfig(text).configDir).toBe(configDir);
});

test.each([
  ['[default]\nconfig_dir = conf\n', 'the path does not begin with /'],
  ['[default]\nconfig_dir = ~/.vbmc\n', 'the path does not begin with /'],
  ['[default]\nconfig_dir = /a%\n', 'write %% for it'],
  ['config_dir = /a\n', 'neither [section] nor key'],
])('%j cannot be followed', (text, said) => {
  const { configDir, errors } = readProgramConfig(text);
  expect(configDir).toBeUndefined();
  expect(errors.map(problemText)).toEqual([expect.stringContaining(said)]);
});
