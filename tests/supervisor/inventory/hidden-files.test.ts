import { hiddenDirectoryProblem, hiddenFileProblem } from '#supervisor/inventory/hidden-files.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';

test.each([
  ['qemu+ssh://root@hv1/system?keyfile=/root/.ssh/id_rsa_virt_power', 'keyfile', '/root'],
  ['qemu+ssh://hv1/system?no_verify=1&KeyFile=/home/stack/.ssh/id_rsa', 'keyfile', '/home'],
  ['qemu+tls://hv1/system?pkipath=%2Frun%2Fuser%2F1000%2Fpki', 'pkipath', '/run/user'],
  ['qemu+libssh2://hv1/system?known_hosts=//root/known', 'known_hosts', '/root'],
  ['qemu+ssh://hv1/system?keyfile=/tmp/id', 'keyfile', '/tmp'],
])('%s names a file that the service does not see', (uri, name, directory) => {
  const message = hiddenFileProblem(uri)?.message;
  expect(message).toMatch(new RegExp(`^${name} names .* sees no file under ${directory}$`));
});

test('a path that libvirt does not complete', () => {
  expect(hiddenFileProblem('qemu+ssh://hv1/system?keyfile=~/.ssh/id')?.message).toMatch(/any home directory/);
});

test.each([
  'qemu:///system',
  'qemu+ssh://hv1/system',
  'qemu+ssh://hv1/system?keyfile=/var/lib/vbmc/.ssh/id',
  'qemu+ssh://hv1/system?keyfile=/rooted/id',
  'qemu+ssh://hv1/root/home/session',
])('%s names none', (uri) => {
  expect(hiddenFileProblem(uri)).toBeUndefined();
});

test('an inventory with such a URI is valid, and has a warning with file and line', () => {
  const uri = 'qemu+ssh://root@hv1/system?keyfile=/root/.ssh/id_rsa';
  const { entries, diagnostics } = parseInventory(`[a]\npassword = x\nlibvirt_uri = ${uri}\n`);
  expect(entries.map(({ valid }) => valid)).toEqual([true]);
  expect(diagnostics).toMatchObject([{ severity: 'warning', line: 3, section: 'a', key: 'libvirt_uri' }]);
});

test('a config_dir of moved files that names their old place is told with what to write', () => {
  const moved = '/var/lib/vbmc/virtualbmc/virtualbmc.conf';
  const problem = hiddenDirectoryProblem('/root/.vbmc/conf', moved);
  expect(problem?.message).toMatch(/\/root\/\.vbmc\/conf: the packaged service sees no file under \/root$/);
  expect(problem?.remedy).toMatch(/config_dir, for example \/var\/lib\/vbmc\/virtualbmc\/conf$/);
});

test.each([
  ['a directory that the service sees', '/srv/vbmc', '/var/lib/vbmc/virtualbmc/virtualbmc.conf'],
  ['a file that the service could not have read', '/root/.vbmc/conf', '/root/.vbmc/virtualbmc.conf'],
  ['no such file', '/root/.vbmc', undefined],
])('%s has another problem', (_, path, configPath) => {
  expect(hiddenDirectoryProblem(path, configPath)).toBeUndefined();
});
