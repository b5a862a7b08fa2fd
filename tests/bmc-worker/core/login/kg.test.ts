import { getChannelAuthenticationCapabilities, type CipherSuiteId } from '@vbmc/ipmi-codec';
import { handshake, newConsole, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const kg = new TextEncoder().encode('the key of this BMC!');

function capabilities(bmc: SimulatedBmc): unknown {
  const console = newConsole();
  return respondTo(bmc, console, getChannelAuthenticationCapabilities, {
    ipmiV20Data: true,
    channelNumber: 0x0e,
    requestedMaximumPrivilegeLevel: 4,
  }).value;
}

describe.each<CipherSuiteId>([3, 17])('a BMC with K_g, cipher suite %i', (cipherSuiteId) => {
  test('admits a console that knows the password and K_g', () => {
    const console = newConsole({ cipherSuiteId, kg });
    handshake(SimulatedBmc.started({ kg }), console);
    expect(console.active).toBe(true);
  });

  test.each([
    ['no K_g', undefined],
    ['another K_g', new Uint8Array(20).fill(7)],
  ])('does not open a session for a console with %s', (_, wrong) => {
    const bmc = SimulatedBmc.started({ kg });
    const console = newConsole({ cipherSuiteId, ...(wrong !== undefined && { kg: wrong }) });
    handshake(bmc, console);
    expect(console.active).toBe(false);
  });
});

test('a shorter K_g equals one padded with zeros', () => {
  const console = newConsole({ kg: kg.subarray(0, 8) });
  const padded = new Uint8Array(20);
  padded.set(kg.subarray(0, 8));
  handshake(SimulatedBmc.started({ kg: padded }), console);
  expect(console.active).toBe(true);
});

test('Get Channel Authentication Capabilities shows whether K_g is set', () => {
  expect(capabilities(SimulatedBmc.started({ kg }))).toMatchObject({ kgStatus: true });
  expect(capabilities(SimulatedBmc.started())).toMatchObject({ kgStatus: false });
});
