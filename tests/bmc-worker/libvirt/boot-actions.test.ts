import type { DomainState } from '#worker/core/terms/domain-action.ts';
import { createDomainActions } from '#worker/libvirt/domain-actions.ts';
import { bench, boot, control, done, failedWith, orders, type Bench } from './bench.ts';
import { OS_BOOT, PER_DEVICE } from './definitions.ts';
import { failure } from './model-domain.ts';

const pxe = { valid: true, persistent: false, efi: false, device: 'pxe' };

describe('boot flags', () => {
  test('what is set is read back, and a one-shot is over after one boot', async () => {
    const { domain, actions } = bench();
    expect(await actions.perform(boot('pxe', { efi: true }))).toEqual({ ok: true, facts: {} });
    const flags = { valid: true, persistent: false, efi: true, device: 'pxe' };
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual({
      ok: true,
      facts: { bootFlags: flags },
    });
    expect(await actions.perform(control('powerUp'))).toEqual({
      ok: true,
      facts: { domainState: 'running', bootOverrideConsumed: true },
    });
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual({ ok: true, facts: {} });
    expect(orders(domain.live)).toEqual(['3', '1', '2']);
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });

  test('hard reset ends the process for an override that is pending, and once more to get rid of it', async () => {
    const { domain, actions } = bench(PER_DEVICE, 'running');
    await actions.perform(boot('pxe'));
    await actions.perform(control('hardReset'));
    expect(orders(domain.live)).toEqual(['3', '1', '2']);
    await actions.perform(control('hardReset'));
    expect(orders(domain.live)).toEqual(['2', '1', '3']);
    domain.changes.length = 0;
    await actions.perform(control('hardReset'));
    expect(domain.changes).toEqual(['reset']);
  });

  test('a persistent override stays, and is pending only until a boot has it', async () => {
    const { domain, actions } = bench(OS_BOOT, 'running');
    await actions.perform(boot('pxe', { persistent: true }));
    await actions.perform(control('hardReset'));
    domain.changes.length = 0;
    await actions.perform(boot('pxe', { persistent: true }));
    expect(await actions.perform(control('hardReset'))).toEqual(done('running'));
    expect(domain.changes).toEqual(['reset']);
    expect(await actions.perform({ kind: 'readBootFlags' })).toMatchObject({
      facts: { bootFlags: { device: 'pxe', persistent: true } },
    });
  });

  test('a guest that reboots itself after a one-shot comes up with the old order', async () => {
    const { domain, actions } = bench(PER_DEVICE, 'shutOff');
    await actions.perform(boot('pxe'));
    await actions.perform(control('powerUp'));
    await actions.perform({ kind: 'followGuestReboot', isStale: false });
    expect(orders(domain.live)).toEqual(['2', '1', '3']);
    domain.changes.length = 0;
    await actions.perform({ kind: 'followGuestReboot', isStale: false });
    expect(domain.changes).toEqual([]);
  });

  test('somebody else boots the one-shot: taken back, and the same flags may be set anew', async () => {
    const { domain, actions } = bench();
    await actions.perform(boot('pxe'));
    await domain.virsh('start');
    await actions.perform(boot('pxe'));
    expect(await actions.perform(control('hardReset'))).toMatchObject({
      facts: { bootOverrideConsumed: true },
    });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });

  test.each(['hardReset', 'powerCycle'] as const)(
    'somebody else boots it, then %s: not again',
    async (each) => {
      const { domain, actions } = bench();
      await actions.perform(boot('pxe'));
      await domain.virsh('start');
      await actions.perform(control(each));
      expect(orders(domain.live)).toEqual(['2', '1', '3']);
    },
  );

  test('a start that fails leaves the one-shot armed', async () => {
    const { domain, actions } = bench();
    await actions.perform(boot('pxe'));
    domain.intercept = (verb) => (verb === 'start' ? failure('error: internal error: no KVM\n') : undefined);
    expect(await actions.perform(control('powerUp'))).toEqual(failedWith('virshFailed'));
    domain.intercept = undefined;
    expect(await actions.perform(control('powerUp'))).toMatchObject({
      facts: { bootOverrideConsumed: true },
    });
  });

  test('a restore that fails does not undo the power on; the next action takes the override back', async () => {
    const { domain, actions, sideFailures } = bench();
    await actions.perform(boot('pxe'));
    domain.intercept = (verb) =>
      verb === 'define' && domain.state === 'running' ? failure('error: disk full\n') : undefined;
    expect(await actions.perform(control('powerUp'))).toEqual(done('running'));
    expect(sideFailures).toHaveLength(1);
    domain.intercept = undefined;
    await actions.perform(control('powerDown'));
    await actions.perform(control('powerUp'));
    expect(orders(domain.live)).toEqual(['2', '1', '3']);
  });

  test('a recovery beside a power up waits for it', async () => {
    const { actions } = bench();
    await actions.perform(boot('pxe'));
    const [powerUp] = await Promise.all([
      actions.perform(control('powerUp')),
      actions.perform({ kind: 'recoverBootOverride' }),
    ]);
    expect(powerUp).toMatchObject({ facts: { bootOverrideConsumed: true } });
  });

  test('a define that lies is found out', async () => {
    const { domain, actions } = bench();
    domain.intercept = (verb) => (verb === 'define' ? { ok: true, stdout: '' } : undefined);
    expect(await actions.perform(boot('pxe'))).toEqual(failedWith('notAchieved'));
  });

  test('a transient domain: refused and not made persistent; restoring it is nothing to do', async () => {
    const { domain, actions } = bench(PER_DEVICE, 'running');
    domain.transient = true;
    expect(await actions.perform(boot('pxe'))).toEqual(failedWith('notExpressible'));
    expect(await actions.perform(boot('noOverride'))).toEqual({ ok: true, facts: {} });
    expect(domain.changes).toEqual([]);
  });

  test('garbage for a definition is a failure', async () => {
    const { domain, actions } = bench();
    domain.intercept = (verb) => (verb === 'dumpxml' ? { ok: true, stdout: '<domain' } : undefined);
    expect(await actions.perform(boot('pxe'))).toEqual(failedWith('virshFailed'));
  });
});

describe('a worker killed in the middle', () => {
  /** Lets everything up to one verb happen, as if SIGKILL came with it. */
  async function killedAt(verb: 'start' | 'define', when: DomainState): Promise<Bench> {
    const { domain, actions } = bench();
    await actions.perform(boot('pxe'));
    let killed = false;
    domain.intercept = (each) => {
      killed ||= each === verb && domain.state === when;
      return killed ? failure('', 'deadlineExceeded') : undefined;
    };
    await actions.perform(control('powerUp'));
    domain.intercept = undefined;
    const next = bench();
    const recovering = createDomainActions({ virsh: domain.virsh, domainName: 'node-0' });
    return { ...next, domain, actions: recovering };
  }

  test('before the start was announced: still armed', async () => {
    const { domain, actions } = await killedAt('define', 'shutOff');
    expect(await actions.perform({ kind: 'recoverBootOverride' })).toEqual({
      ok: true,
      facts: { bootFlags: pxe },
    });
    expect(orders(domain.config)).toEqual(['3', '1', '2']);
    expect(await actions.perform({ kind: 'readBootFlags' })).toMatchObject({ facts: { bootFlags: pxe } });
  });

  test('about to start: taken back, because it may have booted', async () => {
    const { domain, actions } = await killedAt('start', 'shutOff');
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual({ ok: true, facts: {} });
    expect(orders(domain.config)).toEqual(['3', '1', '2']);
    expect(await actions.perform({ kind: 'recoverBootOverride' })).toEqual({
      ok: true,
      facts: { bootOverrideConsumed: true },
    });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });

  test('between start and restore: taken back', async () => {
    const { domain, actions } = await killedAt('define', 'running');
    expect(orders(domain.config)).toEqual(['3', '1', '2']);
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual({ ok: true, facts: {} });
    await actions.perform({ kind: 'recoverBootOverride' });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
    expect(orders(domain.live)).toEqual(['3', '1', '2']);
  });

  test('between start and restore, and the domain is off again: taken back all the same', async () => {
    const { domain, actions } = await killedAt('define', 'running');
    await domain.virsh('destroy');
    await actions.perform({ kind: 'recoverBootOverride' });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });
});
