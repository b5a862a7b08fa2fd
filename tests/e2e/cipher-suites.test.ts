/** The cipher suites that a BMC allows, each with the standard clients; all others are refused. */
import { startLab, type Lab } from '#lab/lab.ts';

const allowed = [17, 3, 16, 15, 2, 1, 0];
/** ipmitool knows no more; what rests on MD5 or RC4 cannot be allowed. */
const refused = [6, 7, 8, 11, 12];

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ vbmcd: { inventoryKeys: { cipher_suites: allowed.join(' ') } } });
});
afterAll(async () => {
  await lab.stop();
});

describe.each(allowed)('cipher suite %i', (cipher) => {
  test('ipmitool switches the domain on and off', async () => {
    const on = await lab.ipmitool(lab.bmc(0), ['power', 'on'], { cipher });
    expect(on).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Up/On\n' });
    expect(await lab.domstate('node-0')).toBe('running');
    const off = await lab.ipmitool(lab.bmc(0), ['power', 'off'], { cipher });
    expect(off).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Down/Off\n' });
    expect(await lab.domstate('node-0')).toBe('shut off');
  });

  test('freeipmi asks for the power status', async () => {
    const stat = await lab.freeipmi('ipmipower', lab.bmc(0), ['--stat'], { cipher });
    expect(stat).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/: off\n$/) as string });
  });
});

test.each(refused)('cipher suite %i is refused to ipmitool', async (cipher) => {
  const on = await lab.ipmitool(lab.bmc(0), ['-v', 'power', 'on'], { cipher });
  expect(on.exitCode).toBe(1);
  expect(on.stdout + on.stderr).toContain('no matching cipher suite');
  expect(await lab.domstate('node-0')).toBe('shut off');
});

test('ipmitool lists the suites that are allowed, best first', async () => {
  const { stdout } = await lab.ipmitool(lab.bmc(0), ['channel', 'getciphers', 'ipmi', '1']);
  const ids = stdout.split('\n').flatMap((line) => /^(\d+)\s/.exec(line)?.[1] ?? []);
  expect(ids.map(Number)).toEqual(allowed);
});
