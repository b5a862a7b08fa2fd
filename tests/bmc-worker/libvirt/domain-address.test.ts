import { addressDomain, isAmbiguousName } from '#worker/libvirt/domain-address.ts';
import { readDomainList } from '#worker/libvirt/domain-list.ts';
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

/** Looks domains up as virsh does: each command by what its `--domain` may be, in this order. */
function virshOf(domains: readonly Known[], list?: VirshResult): Asked {
  const calls: string[] = [];
  const find = (argument: string, ...by: readonly (keyof Known)[]): Known | undefined =>
    by.flatMap((key) => domains.find((one) => String(one[key]) === argument) ?? [])[0];
  const answer = (verb: string, argument: string): VirshResult => {
    switch (verb) {
      case 'domuuid':
        return print(find(argument, 'id', 'name')?.uuid);
      case 'domid': {
        const found = find(argument, 'uuid', 'name');
        return print(found && String(found.id ?? '-'));
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
    [
      'a number',
      '42',
      [{ name: '42', uuid: UUID, id: 7 }],
      UUID,
      undefined,
      ['domuuid 42', `domname ${UUID}`],
    ],
    [
      "a number that is another domain's id",
      '42',
      [
        { name: 'n0', uuid: OTHER, id: 42 },
        { name: '42', uuid: UUID, id: 7 },
      ],
      UUID,
      undefined,
      ['domuuid 42', `domname ${OTHER}`, 'domid 42', 'domuuid 7', `domname ${UUID}`],
    ],
    [
      'one that is off and whose UUID the watch has reported',
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
      [`domname ${OTHER}`, 'domuuid 42', `domname ${UUID}`],
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

test("only a domain that is off, and named like another's id, is looked for in the list", async () => {
  const domains = [
    { name: 'n0', uuid: OTHER, id: 42 },
    { name: '42', uuid: UUID },
  ];
  const { virsh, calls } = virshOf(domains, { ok: true, stdout: `${OTHER} n0\n${UUID} 42\n` });
  await expect(addressDomain(virsh, '42')).resolves.toEqual({ ok: true, address: UUID, uuid: UUID });
  expect(calls.at(-1)).toBe('list');
});

test.each([['42'], [UUID]])('%s that libvirt does not know is not found', async (name) => {
  const { virsh } = virshOf([{ name: 'n0', uuid: UUID, id: 42 }]);
  await expect(addressDomain(virsh, name)).resolves.toMatchObject({
    ok: false,
    failure: { kind: 'domainNotFound' },
  });
});
