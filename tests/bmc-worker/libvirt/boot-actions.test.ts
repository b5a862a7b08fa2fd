import type { DomainState } from '#worker/core/terms/domain-action.ts';
import { createDomainActions } from '#worker/libvirt/domain-actions.ts';
import { boot, control, done, failedWith, orders, workbench, type Workbench } from './workbench.ts';
import { OS_BOOT, PER_DEVICE } from './definitions.ts';
import { failure } from './model-domain.ts';

/** The guest has just reset itself. */
const guestReboot = { kind: 'followGuestReboot', isRecent: true } as const;

const pxe = { valid: true, persistent: false, efi: false, device: 'pxe' };
const usedUp = { ok: true, facts: { bootOverrideIsUsedUp: true } };

describe('boot flags', () => {
  test('boot flags are read back as set, and a one-shot override lasts for one boot', async () => {
    const { domain, actions } = workbench();
    expect(await actions.perform(boot('pxe', { efi: true }))).toEqual({
      ok: true,
      facts: { definitionsWritten: 1 },
    });
    const flags = { valid: true, persistent: false, efi: true, device: 'pxe' };
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual({
      ok: true,
      facts: { bootFlags: flags },
    });
    expect(await actions.perform(control('powerUp'))).toEqual({
      ok: true,
      facts: { domainState: 'running', hasStarted: true, bootOverrideConsumed: true, definitionsWritten: 2 },
    });
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual({ ok: true, facts: {} });
    expect(orders(domain.live)).toEqual(['3', '1', '2']);
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });

  test('requests to the firmware are kept in the definition: a worker that starts reads them', async () => {
    const { domain, actions } = workbench();
    await actions.perform(boot('pxe', { firmwareRequests: 0x48 }));
    const restarted = createDomainActions({ virsh: domain.virsh, domainName: 'node-0' });
    expect(await restarted.perform({ kind: 'recoverBootOverride' })).toEqual({
      ok: true,
      facts: { bootFlags: { ...pxe, firmwareRequests: 0x48 } },
    });
  });

  test('a hard reset uses an override that was set while the domain runs, once, in the same process', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    const { qemu } = domain;
    await actions.perform(boot('cdDvd'));
    expect(await actions.perform(control('hardReset'))).toMatchObject({
      ok: true,
      facts: { domainState: 'running', bootOverrideConsumed: true },
    });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
    await actions.perform(control('hardReset'));
    expect(domain.boots).toEqual(['disk2', 'interface0']);
    await actions.perform(boot('hardDrive'));
    await actions.perform(control('hardReset'));
    await actions.perform(control('hardReset'));
    expect(domain.boots.slice(2)).toEqual(['disk0', 'interface0']);
    expect(domain.qemu).toBe(qemu);
  });

  test('a persistent override stays, and needs nothing more once the running domain has it', async () => {
    const { domain, actions } = workbench(OS_BOOT, 'running');
    await actions.perform(boot('pxe', { persistent: true }));
    await actions.perform(control('hardReset'));
    expect(domain.qemu?.sets).toEqual(['disk0=-1', 'interface0=-1', 'disk0=2', 'interface0=1']);
    domain.changes.length = 0;
    await actions.perform(boot('pxe', { persistent: true }));
    expect(await actions.perform(control('hardReset'))).toEqual(done('running'));
    expect(domain.changes).toEqual(['reset']);
    expect(domain.boots).toEqual(['interface0', 'interface0']);
    expect(await actions.perform({ kind: 'readBootFlags' })).toMatchObject({
      facts: { bootFlags: { device: 'pxe', persistent: true } },
    });
  });

  test('none takes an override back that the running domain has not used', async () => {
    const { domain, actions } = workbench(OS_BOOT, 'running');
    await actions.perform(boot('pxe'));
    await actions.perform(boot('noOverride'));
    domain.guestReboot();
    await actions.perform(guestReboot);
    expect(domain.boots).toEqual(['disk0']);
    expect(domain.config).not.toContain('bootOverride');
  });

  test('one override replaces another in the running domain', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    await actions.perform(boot('pxe', { persistent: true }));
    await actions.perform(boot('cdDvd'));
    domain.guestReboot();
    expect(await actions.perform(guestReboot)).toMatchObject({ facts: { bootOverrideConsumed: true } });
    domain.guestReboot();
    await actions.perform(guestReboot);
    expect(domain.boots).toEqual(['disk2', 'interface0']);
  });

  test('an operator boots the one-shot override: it is cleared, and the same flags may be set again', async () => {
    const { domain, actions } = workbench();
    await actions.perform(boot('cdDvd'));
    await domain.virsh('start');
    await actions.perform(boot('cdDvd'));
    expect(await actions.perform(control('hardReset'))).toMatchObject({
      facts: { bootOverrideConsumed: true },
    });
    await actions.perform(control('hardReset'));
    expect(domain.boots).toEqual(['disk2', 'disk2', 'interface0']);
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });

  test.each(['hardReset', 'powerCycle'] as const)(
    'an operator boots it, then %s: it is not used again',
    async (each) => {
      const { domain, actions } = workbench();
      await actions.perform(boot('cdDvd'));
      await domain.virsh('start');
      await actions.perform(control(each));
      expect(domain.boots).toEqual(['disk2', 'interface0']);
    },
  );

  test('a start that fails leaves the one-shot override armed', async () => {
    const { domain, actions } = workbench();
    await actions.perform(boot('pxe'));
    domain.intercept = (verb) => (verb === 'start' ? failure('error: internal error: no KVM\n') : undefined);
    expect(await actions.perform(control('powerUp'))).toEqual(failedWith('virshFailed'));
    domain.intercept = undefined;
    expect(await actions.perform(control('powerUp'))).toMatchObject({
      facts: { bootOverrideConsumed: true },
    });
  });

  test('a power on succeeds although clearing the override fails; the next action clears it', async () => {
    const { domain, actions, sideFailures } = workbench();
    await actions.perform(boot('pxe'));
    domain.intercept = (verb) =>
      verb === 'define' && domain.state === 'running' ? failure('error: disk full\n') : undefined;
    expect(await actions.perform(control('powerUp'))).toMatchObject({
      ok: true,
      facts: { domainState: 'running', bootOrderIsStale: true },
    });
    expect(sideFailures).toHaveLength(1);
    domain.intercept = undefined;
    await actions.perform(control('powerDown'));
    await actions.perform(control('powerUp'));
    expect(orders(domain.live)).toEqual(['2', '1', '3']);
  });

  test('a recovery waits for a power up under way', async () => {
    const { actions } = workbench();
    await actions.perform(boot('pxe'));
    const [powerUp] = await Promise.all([
      actions.perform(control('powerUp')),
      actions.perform({ kind: 'recoverBootOverride' }),
    ]);
    expect(powerUp).toMatchObject({ facts: { bootOverrideConsumed: true } });
  });

  test('a define that reports success and changes nothing is detected', async () => {
    const { domain, actions } = workbench();
    domain.intercept = (verb) => (verb === 'define' ? { ok: true, stdout: '' } : undefined);
    expect(await actions.perform(boot('pxe'))).toEqual(failedWith('notAchieved'));
  });

  test('a transient domain: an override is refused and does not make it persistent; restoring does nothing', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.transient = true;
    expect(await actions.perform(boot('pxe'))).toEqual(failedWith('notExpressible'));
    expect(await actions.perform(boot('noOverride'))).toEqual({ ok: true, facts: {} });
    expect(domain.changes).toEqual([]);
  });

  test('an unreadable definition is a failure', async () => {
    const { domain, actions } = workbench();
    domain.intercept = (verb) => (verb === 'dumpxml' ? { ok: true, stdout: '<domain' } : undefined);
    expect(await actions.perform(boot('pxe'))).toEqual(failedWith('virshFailed'));
  });
});

describe('a worker killed during a power up', () => {
  /** Lets everything up to one verb happen, and nothing after it, as if SIGKILL arrived then. */
  async function killedAt(verb: 'start' | 'define', when: DomainState): Promise<Workbench> {
    const { domain, actions } = workbench();
    await actions.perform(boot('pxe'));
    let killed = false;
    domain.intercept = (each) => {
      killed ||= each === verb && domain.state === when;
      return killed ? failure('', 'deadlineExceeded') : undefined;
    };
    await actions.perform(control('powerUp'));
    domain.intercept = undefined;
    const next = workbench();
    const recovering = createDomainActions({ virsh: domain.virsh, domainName: 'node-0' });
    return { ...next, domain, actions: recovering };
  }

  test('before the start was announced: the override is still armed', async () => {
    const { domain, actions } = await killedAt('define', 'shutOff');
    expect(await actions.perform({ kind: 'recoverBootOverride' })).toEqual({
      ok: true,
      facts: { bootFlags: pxe },
    });
    expect(orders(domain.config)).toEqual(['3', '1', '2']);
    expect(await actions.perform({ kind: 'readBootFlags' })).toMatchObject({ facts: { bootFlags: pxe } });
  });

  test('about to start: the override is cleared, because it may have booted', async () => {
    const { domain, actions } = await killedAt('start', 'shutOff');
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual(usedUp);
    expect(orders(domain.config)).toEqual(['3', '1', '2']);
    expect(await actions.perform({ kind: 'recoverBootOverride' })).toEqual({
      ok: true,
      facts: { bootOverrideConsumed: true, definitionsWritten: 1 },
    });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });

  test('between start and clearing: the override is cleared', async () => {
    const { domain, actions } = await killedAt('define', 'running');
    expect(orders(domain.config)).toEqual(['3', '1', '2']);
    expect(await actions.perform({ kind: 'readBootFlags' })).toEqual(usedUp);
    await actions.perform({ kind: 'recoverBootOverride' });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
    expect(orders(domain.live)).toEqual(['3', '1', '2']);
  });

  test('between start and clearing, and the domain is off again: the override is cleared too', async () => {
    const { domain, actions } = await killedAt('define', 'running');
    await domain.virsh('destroy');
    await actions.perform({ kind: 'recoverBootOverride' });
    expect(orders(domain.config)).toEqual(['2', '1', '3']);
  });
});
