import { PER_DEVICE } from './definitions.ts';
import type { ModelDomain } from './model-domain.ts';
import { boot, failedWith, workbench } from './workbench.ts';

describe('another program is at the definition while QEMU is given its boot order', () => {
  const ADDED = '<!-- a disk that an operator has added --></devices>';

  /** The guest reboots after a one-shot boot; `meanwhile` is called at each command to QEMU's monitor. */
  async function takesBack(meanwhile: (domain: ModelDomain) => void): Promise<{
    readonly domain: ModelDomain;
    readonly outcome: unknown;
  }> {
    const { domain, actions } = workbench(PER_DEVICE, 'running');
    await actions.perform(boot('pxe'));
    domain.guestReboot();
    domain.changes.length = 0;
    let hasDumped = false;
    domain.intercept = (verb, args) => {
      hasDumped ||= verb === 'dumpxml' && args.includes('--inactive');
      if (hasDumped && verb === 'qemu-monitor-command') meanwhile(domain);
      return undefined;
    };
    const outcome = await actions.perform({ kind: 'followGuestReboot', isRecent: true });
    return { domain, outcome };
  }

  test('its edit stays', async () => {
    const { domain, outcome } = await takesBack((edited) => {
      if (!edited.config.includes(ADDED)) edited.config = edited.config.replace('</devices>', ADDED);
    });
    expect(outcome).toMatchObject({ ok: true, facts: { bootOverrideConsumed: true } });
    expect(domain.config).toContain('that an operator has added');
    expect(domain.config).not.toContain('bootOverride');
    expect(domain.changes.filter((change) => change === 'define')).toHaveLength(1);
  });

  test('a definition that it removes is not made again', async () => {
    const { domain, outcome } = await takesBack((removed) => {
      removed.transient = true;
    });
    expect(outcome).toEqual(failedWith('notExpressible'));
    expect(domain.changes).not.toContain('define');
  });

  test('a program that edits again and again is left alone', async () => {
    const { domain, outcome } = await takesBack((edited) => {
      edited.config = edited.config.replace('</devices>', ADDED);
    });
    expect(outcome).toEqual(failedWith('notAchieved'));
    expect(domain.changes).not.toContain('define');
  });
});
