import {
  bootDevice,
  chassisControl,
  codeNames,
  lowerPrivilege,
  netFn,
  payloadType,
  privilegeLevel,
  privilegeSuffices,
  rmcpPlusStatusCode,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';

const tables = { bootDevice, chassisControl, netFn, payloadType, privilegeLevel, rmcpPlusStatusCode };

describe.each(Object.entries(tables))('%s', (_name, table) => {
  it('has one name for each code', () => {
    expect([...codeNames(table)].map(([code, name]) => [name, code])).toEqual(Object.entries(table));
  });
});

describe('privilege levels', () => {
  const levels = Object.keys(privilegeLevel) as PrivilegeLevel[];
  const pairs = levels.flatMap((a, i) => levels.map((b, j) => [a, b, i, j] as const));

  it.each(pairs)('%s against %s', (a, b, i, j) => {
    expect(privilegeSuffices(a, b)).toBe(i >= j);
    expect(lowerPrivilege(a, b)).toBe(levels[Math.min(i, j)]);
  });
});
