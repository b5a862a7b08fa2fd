import { addressDomain, isAmbiguousName } from '#worker/libvirt/domain-address.ts';
import { readDomainList } from '#worker/libvirt/domain-list.ts';
import { loggedUuid } from '#worker/libvirt/logged-domains.ts';
import type { Virsh, VirshResult } from '#worker/libvirt/virsh.ts';

const UUID = '11111111-1111-1111-1111-111111111111';
const OTHER = '55555555-5555-5555-5555-555555555555';

test.each(['42', '0', ' 7', '+7', '-7', UUID, 'x'.repeat(36)])('virsh may mistake %j', (name) => {
  expect(isAmbiguousName(name)).toBe(true);
});

test.each(['node-0', '-dash', '--domain', 'a b', "it's", '42a', '4 2', UUID.slice(1), 'ü'])(
  'virsh takes %j for a name',
  (name) => {
    expect(isAmbiguousName(name)).toBe(false);
  },
);

test('a name is found in a list, padded or not, and only as a whole', () => {
  const list = `${OTHER} 142\n${UUID} 42   \n\n`;
  expect(readDomainList(list).get('42')).toBe(UUID);
  expect(readDomainList(list).get('4')).toBeUndefined();
  expect(readDomainList('').get('42')).toBeUndefined();
});

interface Known {
  readonly name: string;
  readonly uuid: string;
  readonly id?: number;
}

interface Asked {
  readonly virsh: Virsh;
  readonly calls: string[];
}

function notFound(): VirshResult {
  return { ok: false, failure: { kind: 'domainNotFound', message: 'none' }, stderr: '' };
}

interface Libvirt {
  /** Whether it logs the domains that it looks up. */
  readonly logs?: boolean;
  readonly list?: VirshResult;
}

/** What libvirt 9.0 logs for `virsh domid`. */
function logOf({ name, uuid }: Known): string {
  const begin = '2026-11-28 09:08:57.450+0000: 1135:';
  return [
    `${begin} info : libvirt version: 9.0.0, package: 9.0.0-4+deb12u2 (Debian)`,
    `${begin} debug : virDomainLookupByName:449 : conn=0x55cd45b52040, name=${name}`,
    `${begin} debug : virDomainGetID:1914 : dom=0x55cd45b74c10, (VM: name=${name}, uuid=${uuid})`,
    `${begin} debug : virDomainFree:610 : dom=0x55cd45b74c10, (VM: name=${name}, uuid=${uuid})`,
    '',
  ].join('\n');
}

/** Looks domains up as virsh does: each command by what its `--domain` may be, in this order. */
function virshOf(domains: readonly Known[], { logs = true, list }: Libvirt = {}): Asked {
  const calls: string[] = [];
  const find = (argument: string, ...by: readonly (keyof Known)[]): Known | undefined =>
    by.flatMap((key) => domains.find((one) => String(one[key]) === argument) ?? [])[0];
  const answer = (verb: string, argument: string): VirshResult => {
    switch (verb) {
      case 'domuuid':
        return print(find(argument, 'id', 'name')?.uuid);
      case 'domid': {
        const found = find(argument, 'uuid', 'name');
        if (found === undefined) return notFound();
        const log = logs ? logOf(found) : '';
        return { ok: true, stdout: `${found.id ?? '-'}\n\n`, log };
      }
      case 'domname':
        return print(find(argument, 'id', 'uuid')?.name);
      case 'list':
        if (list !== undefined) return list;
        throw new Error('a list waits for every domain');
      default:
        throw new Error(verb);
    }
  };
  const virsh: Virsh = (verb, args = []) => {
    calls.push([verb, ...args.filter((arg) => !arg.startsWith('--'))].join(' '));
    return Promise.resolve(answer(verb, args[1] ?? ''));
  };
  return { virsh, calls };
}

function print(text: string | undefined): VirshResult {
  return text === undefined ? notFound() : { ok: true, stdout: `${text}\n\n` };
}

describe('no list, which waits for every domain, for', () => {
  test.each<[string, string, readonly Known[], string, string | undefined, string[]]>([
    ['a plain name', 'n0', [{ name: 'n0', uuid: UUID }], 'n0', undefined, []],
    [
      "a name like another domain's UUID",
      UUID,
      [
        { name: 'n0', uuid: UUID, id: 1 },
        { name: UUID, uuid: OTHER },
      ],
      OTHER,
      undefined,
      [`domuuid ${UUID}`],
    ],
    ['a number', '42', [{ name: '42', uuid: UUID, id: 7 }], UUID, undefined, ['domid 42']],
    [
      "a number that is another domain's id",
      '42',
      [
        { name: 'n0', uuid: OTHER, id: 42 },
        { name: '42', uuid: UUID, id: 7 },
      ],
      UUID,
      undefined,
      ['domid 42'],
    ],
    [
      "one that is off and named like another's id",
      '42',
      [
        { name: 'n0', uuid: OTHER, id: 42 },
        { name: '42', uuid: UUID },
      ],
      UUID,
      undefined,
      ['domid 42'],
    ],
    [
      'one whose UUID the watch has reported',
      '42',
      [
        { name: 'n0', uuid: OTHER, id: 42 },
        { name: '42', uuid: UUID },
      ],
      UUID,
      UUID,
      [`domname ${UUID}`],
    ],
    [
      'one whose reported UUID is that of a domain with another name by now',
      '42',
      [
        { name: 'renamed', uuid: OTHER },
        { name: '42', uuid: UUID },
      ],
      UUID,
      OTHER,
      [`domname ${OTHER}`, 'domid 42'],
    ],
  ])('%s', async (_, name, domains, address, knownUuid, calls) => {
    const asked = virshOf(domains);
    await expect(addressDomain(asked.virsh, name, undefined, knownUuid)).resolves.toMatchObject({
      ok: true,
      address,
    });
    expect(asked.calls).toEqual(calls);
  });
});

test('a libvirt that logs nothing lists its domains', async () => {
  const domains = [
    { name: 'n0', uuid: OTHER, id: 42 },
    { name: '42', uuid: UUID },
  ];
  const list: VirshResult = { ok: true, stdout: `${OTHER} n0\n${UUID} 42\n` };
  const { virsh, calls } = virshOf(domains, { logs: false, list });
  await expect(addressDomain(virsh, '42')).resolves.toEqual({ ok: true, address: UUID, uuid: UUID });
  expect(calls).toEqual(['domid 42', 'list']);
});

test('only a line about exactly this domain counts', () => {
  const about = (name: string): string => logOf({ name, uuid: UUID });
  expect(loggedUuid(`${about('1')}${about('142')}${about('42x')}`, '42')).toBeUndefined();
  expect(loggedUuid(`${about('1')}${about('42')}`, '42')).toBe(UUID);
  expect(loggedUuid(`error: (VM: name=42, uuid=${UUID})`, '42')).toBeUndefined();
});

test.each([['42'], [UUID]])('%s that libvirt does not know is not found', async (name) => {
  const { virsh } = virshOf([{ name: 'n0', uuid: UUID, id: 42 }]);
  await expect(addressDomain(virsh, name)).resolves.toMatchObject({
    ok: false,
    failure: { kind: 'domainNotFound' },
  });
});
