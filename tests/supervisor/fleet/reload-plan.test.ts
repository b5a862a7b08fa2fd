import type { BmcConfiguration } from '#worker/ipc/protocol.ts';
import { planReload, reloadKinds, type PlannedBmc, type ReloadKind } from '#supervisor/fleet/reload-plan.ts';

const users = [{ name: 'admin', password: 'one', privilege: 'administrator' }] as const;
const base: BmcConfiguration = {
  name: 'a',
  domainName: 'a',
  address: '::',
  port: 623,
  connectionUri: 'qemu:///system',
  cipherSuites: [17, 3],
  users,
};
function on(change: Partial<BmcConfiguration> = {}): PlannedBmc {
  return {
    active: true,
    configuration: { ...base, ...change },
  };
}
function off(change: Partial<BmcConfiguration> = {}): PlannedBmc {
  return { ...on(change), active: false };
}

test.each<[string, PlannedBmc | undefined, PlannedBmc | undefined, ReloadKind]>([
  ['new', undefined, on(), 'added'],
  ['new, not active', undefined, off(), 'added'],
  ['gone', on(), undefined, 'removed'],
  ['the same', on(), on({ users: [...users] }), 'unchanged'],
  ['port', on(), on({ port: 624 }), 'changed'],
  ['address', on(), on({ address: '192.0.2.1' }), 'changed'],
  ['domain', on(), on({ domainName: 'b' }), 'changed'],
  ['URI', on(), on({ connectionUri: 'test:///default' }), 'changed'],
  ['SASL file', on(), on({ libvirtAuthFile: '/x.1.conf' }), 'changed'],
  ['K_g', on(), on({ kg: '00'.repeat(20) }), 'changed'],
  ['password', on(), on({ users: [{ ...users[0], password: 'two' }] }), 'updated'],
  ['privilege', on(), on({ users: [{ ...users[0], privilege: 'user' }] }), 'updated'],
  ['one more user', on(), on({ users: [...users, { ...users[0], name: 'guest' }] }), 'updated'],
  ['user and port', on(), on({ port: 1, users: [{ ...users[0], name: 'root' }] }), 'changed'],
  ['activated', off(), on({ port: 1 }), 'started'],
  ['deactivated', on(), off({ port: 1 }), 'stopped'],
  ['changed while not active', off(), off({ port: 1 }), 'changed'],
])('%s', (_, before, after, kind) => {
  const plan = planReload(before ? [before] : [], after ? [after] : []);
  for (const one of reloadKinds) expect(plan[one]).toEqual(one === kind ? ['a'] : []);
});

test('names are in the order of the new inventory', () => {
  const named = (...names: string[]): PlannedBmc[] => names.map((name) => on({ name }));
  expect(planReload(named('a', 'x', 'b', 'y'), named('n', 'b', 'm', 'a'))).toMatchObject({
    added: ['n', 'm'],
    removed: ['x', 'y'],
    unchanged: ['b', 'a'],
  });
});
