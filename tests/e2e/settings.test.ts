/** Inventory, network, DCMI and the other settings of a real QEMU domain, read by ipmitool and freeipmi. */
import { startLab, type Lab } from '#lab/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  await lab.stop();
});

async function ipmitool(...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(0), args);
  expect(result).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

test('lan print tells the address, and lan set says what is read-only', async () => {
  const printed = await ipmitool('lan', 'print', '1');
  expect(printed).toMatch(/^IP Address +: 127\.0\.0\.1$/m);
  expect(printed).toMatch(/^IP Address Source +: Static Address$/m);
  expect(printed).toMatch(/^RMCP\+ Cipher Suites +: 17,3$/m);
  const set = await lab.ipmitool(lab.bmc(0), ['raw', '0x0c', '0x01', '1', '3', '192', '0', '2', '9']);
  expect(set.stderr).toContain('rsp=0x82');
  await ipmitool('lan', 'set', '1', 'ipsrc', 'static');
});

test('dcmi, channel, pef and system info answer', async () => {
  expect(await ipmitool('dcmi', 'discover')).toMatch(/SEL|LAN/);
  expect(await ipmitool('dcmi', 'get_mc_id_string')).toContain(lab.bmc(0).name);
  expect(await ipmitool('channel', 'info', '0')).toContain('IPMB');
  expect(await ipmitool('pef', 'info')).toMatch(/^ 0x51 \| 0 \| 0 \|/);
  expect(await ipmitool('mc', 'getsysinfo', 'system_name')).toContain('node-0');
});

test('the identify lamp is seen by operators', async () => {
  await ipmitool('chassis', 'identify', 'force');
  expect(await ipmitool('raw', '0x00', '0x01')).toMatch(/^ \S+ \S+ 60 /);
  await ipmitool('chassis', 'identify', '0');
  expect(await ipmitool('raw', '0x00', '0x01')).toMatch(/^ \S+ \S+ 40 /);
});

test('ipmi-fru, ipmi-pef-config and ipmi-dcmi understand every answer', async () => {
  const cache = `--sdr-cache-directory=${lab.libvirt.directory.path}`;
  const fru = await lab.freeipmi('ipmi-fru', lab.bmc(0), [cache, '--quiet-cache']);
  expect(fru).toMatchObject({ exitCode: 0, stderr: '' });
  expect(fru.stdout).toContain('FRU Product Manufacturer Name: QEMU');
  expect(fru.stdout).toContain('domain node-0');
  const pef = await lab.freeipmi('ipmi-pef-config', lab.bmc(0), ['--checkout']);
  expect(pef.stderr).toBe('');
  const dcmi = await lab.freeipmi('ipmi-dcmi', lab.bmc(0), ['--get-dcmi-capability-info']);
  expect(dcmi.stdout).toMatch(/DCMI/);
});
