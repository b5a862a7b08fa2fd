import type { ChassisControl } from '#codec/terms/chassis-control.ts';
import type { DomainState } from '#worker/core/terms/domain-action.ts';
import { control, done, failedWith, started, workbench } from './workbench.ts';
import { PER_DEVICE } from './definitions.ts';
import { failure, type ModelDomain } from './model-domain.ts';

describe('chassis control', () => {
  test.each<[DomainState, ChassisControl, string, DomainState]>([
    ['running', 'powerDown', 'destroy', 'shutOff'],
    ['running', 'powerUp', '', 'running'],
    ['running', 'powerCycle', 'destroy start', 'running'],
    ['running', 'hardReset', 'reset', 'running'],
    ['running', 'diagnosticInterrupt', 'inject-nmi', 'running'],
    ['running', 'softShutdown', 'shutdown acpi', 'running'],
    ['paused', 'powerUp', 'resume', 'running'],
    ['paused', 'hardReset', 'reset resume', 'running'],
    ['paused', 'softShutdown', 'resume shutdown acpi', 'running'],
    ['pmsuspended', 'powerUp', 'dompmwakeup', 'running'],
    ['pmsuspended', 'hardReset', 'dompmwakeup reset', 'running'],
    ['shutOff', 'powerUp', 'start', 'running'],
    ['shutOff', 'powerDown', 'destroy', 'shutOff'],
    ['ioError', 'powerUp', 'resume', 'running'],
    ['crashed', 'powerUp', '', 'crashed'],
    ['crashed', 'hardReset', 'destroy start', 'running'],
    ['crashed', 'powerDown', 'destroy', 'shutOff'],
  ])('%s, %s: runs %j and reads %s', async (state, chassisControl, verbs, after) => {
    const { domain, actions } = workbench(PER_DEVICE, state);
    expect(await actions.perform(control(chassisControl))).toEqual(
      verbs.endsWith('start') ? started(after) : done(after),
    );
    expect(domain.changes.join(' ')).toBe(verbs);
  });

  test('a power cycle leaves at least a second between off and on', async () => {
    const { actions, slept } = workbench(PER_DEVICE, 'running');
    await actions.perform(control('powerCycle'));
    expect(slept).toEqual([1_000]);
  });

  test('a control that makes no sense in the state runs nothing', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'shutOff');
    expect(await actions.perform(control('powerCycle'))).toEqual(failedWith('invalidInPresentState'));
    expect(domain.changes).toEqual([]);
  });

  test.each<[DomainState, ChassisControl, string]>([
    ['running', 'powerDown', 'destroy'],
    ['shutOff', 'powerUp', 'start'],
    ['paused', 'powerUp', 'resume'],
  ])('%s, %s: a virsh that only pretends to %s is detected', async (state, chassisControl, verb) => {
    const { domain, actions, slept } = workbench(PER_DEVICE, state);
    domain.intercept = (each) => (each === verb ? { ok: true, stdout: '' } : undefined);
    expect(await actions.perform(control(chassisControl))).toEqual(failedWith('notAchieved'));
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(4_000);
  });

  test('a domain that goes off by itself just before destroy counts as destroyed', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.intercept = (verb) => {
      if (verb === 'destroy') domain.state = 'shutOff';
      return undefined;
    };
    expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  });

  /** What `virsh domstate --reason` prints by the time that the state is read back. */
  function afterStart(domain: ModelDomain, stdout: string): void {
    domain.intercept = (verb) => {
      if (verb !== 'start') return undefined;
      domain.intercept = (each) => (each === 'domstate' ? { ok: true, stdout } : undefined);
      return { ok: true, stdout: '' };
    };
  }

  test.each<[ChassisControl, string, DomainState]>([
    ['powerUp', 'shut off (shutdown)\n', 'shutOff'],
    ['powerUp', 'crashed (panicked)\n', 'crashed'],
    ['powerCycle', 'shut off (shutdown)\n', 'shutOff'],
  ])('%s of a guest that is %j before anybody has looked: it was started', async (asked, text, state) => {
    const { domain, actions, slept } = workbench(PER_DEVICE, asked === 'powerUp' ? 'shutOff' : 'running');
    afterStart(domain, text);
    expect(await actions.perform(control(asked))).toEqual(started(state));
    expect(slept).toEqual(asked === 'powerUp' ? [] : [1_000]);
  });

  test.each(['paused', 'migrating'] as const)(
    'a start that leaves the machine %s, as it was saved: it is resumed',
    async (state) => {
      const { domain, actions, slept } = workbench(PER_DEVICE, 'shutOff');
      domain.managedSave = true;
      const { virsh } = domain;
      domain.intercept = (verb, args) => {
        if (verb !== 'start') return undefined;
        domain.intercept = undefined;
        void virsh(verb, args);
        domain.intercept = (each) => {
          if (each === 'resume') domain.state = 'paused';
          return undefined;
        };
        domain.state = state;
        return { ok: true, stdout: '' };
      };
      expect(await actions.perform(control('powerUp'))).toEqual(started());
      expect(domain.changes).toEqual(['start', 'resume']);
      expect(slept).toEqual([]);
    },
  );

  test.each(['crashed', 'destroyed', 'failed', 'unknown'])(
    'a domain that is off (%s) after a start that libvirt calls done is told as it is',
    async (reason) => {
      const { domain, actions } = workbench(PER_DEVICE, 'shutOff');
      afterStart(domain, `shut off (${reason})\n`);
      expect(await actions.perform(control('powerUp'))).toEqual(failedWith('notAchieved'));
    },
  );

  test('a domain that an operator starts just before us counts as started', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'shutOff');
    domain.intercept = (verb) => {
      if (verb === 'start') domain.state = 'running';
      return undefined;
    };
    expect(await actions.perform(control('powerUp'))).toEqual(started());
  });

  test('a domain that goes off just before reset does not count as reset', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.intercept = (verb) => {
      if (verb === 'reset') domain.state = 'shutOff';
      return undefined;
    };
    expect(await actions.perform(control('hardReset'))).toEqual(failedWith('invalidInPresentState'));
  });

  test('a destroy that overran its deadline and still worked counts as done', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.intercept = (verb) => {
      if (verb !== 'destroy') return undefined;
      domain.state = 'shutOff';
      return failure('', 'deadlineExceeded');
    };
    expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  });

  test.each([
    ['running', 'hardReset', 'destroy start'],
    ['paused', 'hardReset', 'destroy start'],
    ['running', 'powerCycle', 'destroy start'],
  ] as const)('%s, %s where a reset ends the process: runs %j', async (state, chassisControl, verbs) => {
    const xml = PER_DEVICE.replace('  <devices>', '  <on_reboot>destroy</on_reboot>\n  <devices>');
    const { domain, actions } = workbench(xml, state);
    expect(await actions.perform(control(chassisControl))).toEqual(started());
    expect(domain.changes.join(' ')).toBe(verbs);
  });

  test.each(['running', 'paused'] as const)(
    'hardReset of a %s domain that a reset would end, with a disk that only it has: refused, and nothing is ended',
    async (state) => {
      const xml = PER_DEVICE.replace('  <devices>', '  <on_reboot>destroy</on_reboot>\n  <devices>');
      const { domain, actions } = workbench(xml, state);
      const added = "<disk type='file' device='disk'><source file='/hot.raw'/><target dev='vdz'/></disk>";
      domain.live = xml.replace('</devices>', `${added}</devices>`);
      const outcome = await actions.perform(control('hardReset'));
      expect(outcome).toEqual(failedWith('invalidInPresentState'));
      expect(JSON.stringify(outcome)).toContain('vdz');
      expect(domain.changes).toEqual([]);
      expect(domain.state).toBe(state);

      expect(await actions.perform(control('powerCycle'))).toEqual(started());
    },
  );

  test.each([
    ["network 'default' is not active", 'Requested operation is not valid: '],
    ["Cannot access storage file '/gone.raw': No such file or directory", ''],
    ['internal error: process exited while connecting to monitor: Cannot allocate memory', ''],
  ])('a start that libvirt refuses (%s) fails at once, in libvirt’s words', async (why, prefix) => {
    const { domain, actions, slept } = workbench(PER_DEVICE, 'shutOff');
    const stderr = `error: Failed to start domain 'node-0'\nerror: ${prefix}${why}\n`;
    domain.intercept = (verb) => (verb === 'start' ? failure(stderr) : undefined);
    const outcome = await actions.perform(control('powerUp'));
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'virshFailed' } });
    expect(JSON.stringify(outcome)).toContain(why);
    expect(slept).toEqual([]);
  });

  test.each(['powerUp', 'powerDown', 'powerCycle', 'hardReset', 'softShutdown'] as const)(
    '%s of a domain that was migrated away starts no second copy, and claims nothing of the first',
    async (chassisControl) => {
      const { domain, actions, slept } = workbench(PER_DEVICE, 'migratedAway');
      const outcome = await actions.perform(control(chassisControl));
      expect(outcome).toEqual(failedWith('invalidInPresentState'));
      expect(JSON.stringify(outcome)).toContain('was migrated away to another host');
      expect(domain.changes.filter((verb) => verb !== 'destroy')).toEqual([]);
      expect(domain.state).toBe('migratedAway');
      expect(slept).toEqual([]);
    },
  );

  test('a refusal by polkit is reported unchanged and at once', async () => {
    const { domain, actions, slept } = workbench(PER_DEVICE, 'running');
    domain.intercept = (verb) =>
      verb === 'destroy' ? failure("error: access denied: 'QEMU' denied access\n") : undefined;
    expect(await actions.perform(control('powerDown'))).toEqual(failedWith('permissionDenied'));
    expect(slept).toEqual([]);
  });

  test('a driver that accepts no shutdown mode gets none', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.intercept = (_verb, args) =>
      args.includes('--mode')
        ? failure('error: unsupported flags (0x1) in function testDomainShutdownFlags\n')
        : undefined;
    expect(await actions.perform(control('softShutdown'))).toEqual(done('running'));
    expect(domain.changes).toEqual(['shutdown']);
  });

  test('a transient domain is not destroyed for a restart, which would not be possible', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.transient = true;
    expect(await actions.perform(control('powerCycle'))).toEqual(failedWith('notExpressible'));
    expect(domain.changes).toEqual([]);
    expect(await actions.perform(control('hardReset'))).toEqual(done('running'));
  });

  test('a transient domain no longer exists when it is off', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.transient = true;
    domain.intercept = (verb) =>
      verb === 'domstate' && domain.state === 'shutOff'
        ? failure("error: failed to get domain 'node-0'\n")
        : undefined;
    expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  });
});

describe('a domain about which libvirt does not answer', () => {
  const unanswered = failure('', 'deadlineExceeded');

  test('gets its destroy at a power off all the same, which is not reported as done', async () => {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    domain.intercept = (verb) => (verb === 'domstate' ? unanswered : undefined);
    expect(await actions.perform(control('powerDown'))).toEqual(failedWith('deadlineExceeded'));
    expect(domain.changes).toEqual(['destroy']);
  });

  test.each(['powerUp', 'powerCycle', 'hardReset', 'softShutdown'] as const)(
    'is not changed by %s',
    async (chassisControl) => {
      const { domain, actions } = workbench(PER_DEVICE, 'running');
      domain.intercept = (verb) => (verb === 'domstate' ? unanswered : undefined);
      expect(await actions.perform(control(chassisControl))).toEqual(failedWith('deadlineExceeded'));
      expect(domain.changes).toEqual([]);
    },
  );
});

describe('reads', () => {
  test('the UUID comes in lower case', async () => {
    const { actions } = workbench();
    expect(await actions.perform({ kind: 'readUuid' })).toEqual({
      ok: true,
      facts: { uuid: '3e3fce45-4f53-4fa7-bb32-11f34168b82b' },
    });
  });

  test.each(['readUuid', 'readDomainState'] as const)('%s: garbage is a failure', async (kind) => {
    const { domain, actions } = workbench();
    domain.intercept = () => ({ ok: true, stdout: '\u0000\ufffdrunning maybe' });
    expect(await actions.perform({ kind })).toEqual(failedWith('virshFailed'));
  });
});
