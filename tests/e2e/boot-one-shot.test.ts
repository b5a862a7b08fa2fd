/** A one-shot boot device applies to one boot. Afterwards the definition is restored byte for byte. */
import { waitFor } from '#support/wait-for.ts';
import { printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

let lab: Lab;
/** How long the override stayed in the definition of the domain that is not booted, in milliseconds. */
let untilRestored: Promise<number>;

/** The first card has nothing to boot, so that order 1 falls through to the disk's order 2. */
const twoCardsAndDisk = { boot: 'per-device', disk: 2, networkCards: [{ mute: 1 }, 3] } as const;
const osBoot = { boot: ['hd', 'network'], networkCards: [true, true] } as const;
const styles: [style: string, index: number, network: string, orders: string[], overridden: string[]][] = [
  ['per-device orders', 0, 'boot net1', ['2', '1', '3'], ['3', '1', '2']],
  ['<os><boot>', 1, 'boot net0', ['hd', 'network'], ['network', 'hd']],
];

beforeAll(async () => {
  lab = await startLab({ domains: [twoCardsAndDisk, osBoot, twoCardsAndDisk] });
  // Its minute goes by while the other tests run.
  untilRestored = setAndWait(watchedDomain(lab, 2));
  // A failure is kept until the test at the end awaits the promise.
  untilRestored.catch(() => undefined);
});
afterAll(async () => {
  await lab.stop();
});

async function setAndWait(domain: WatchedDomain): Promise<number> {
  const original = await domain.definition();
  await chassis(2, 'bootdev', 'pxe');
  const setAt = performance.now();
  expect(await domain.definition()).not.toBe(original);
  await waitFor('the override to expire', async () => (await domain.definition()) === original, {
    timeoutMs: 100_000,
    intervalMs: 500,
  });
  return performance.now() - setAt;
}

async function chassis(index: number, ...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(index), ['chassis', ...args]);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}

/** `<boot dev>` in turn, or the `<boot order>` of disk and network cards. */
function bootElements(xml: string): (string | undefined)[] {
  return Array.from(
    xml.replace(/<metadata>.*<\/metadata>/s, '').matchAll(/<boot (?:dev|order)='(\w+)'\/>/g),
    ([, value]) => value,
  );
}

describe.each(styles)('%s', (_style, index, network, orders, overridden) => {
  const domain = (): WatchedDomain => watchedDomain(lab, index);
  const says = (...lines: string[]): Promise<unknown> =>
    waitFor(`${domain().name} to say ${lines.join(', ')}`, () => {
      if (domain().lines().join() !== [...said, ...lines].join()) throw new Error(domain().lines().join());
      return true;
    });
  let said: string[] = [];
  let original: string;
  /** By the BMC on its own account: it believes the restored definition, and is free again, once it has read it back. */
  const restored = async (): Promise<void> => {
    await waitFor('the definition to be restored', async () => (await domain().definition()) === original);
    await waitFor('the flags to be gone', async () =>
      (await chassis(index, 'bootparam', 'get', '5')).includes('No override'),
    );
  };
  beforeAll(async () => {
    original = await domain().definition();
    expect(bootElements(original)).toEqual(orders);
  });
  beforeEach(() => {
    said = domain().lines();
  });

  test('the first boot comes from the network, and the definition is restored', async () => {
    await chassis(index, 'bootdev', 'pxe');
    expect(bootElements(await domain().definition())).toEqual(overridden);
    await chassis(index, 'power', 'on');
    expect(await domain().definition()).toBe(original);
    await says(network);
    expect(await chassis(index, 'bootparam', 'get', '5')).toContain('No override');
  });

  test('the next boot is the old one again, by the same reset button', async () => {
    const pid = domain().pid();
    await chassis(index, 'power', 'reset');
    await says('boot disk');
    expect(domain().pid()).toBe(pid);
    expect(await domain().definition()).toBe(original);
  });

  test('set while the domain runs: reset boots from the network, once', async () => {
    const pid = domain().pid();
    await chassis(index, 'bootdev', 'pxe');
    await chassis(index, 'power', 'reset');
    await says(network);
    expect(domain().pid()).toBe(pid);
    expect(await domain().definition()).toBe(original);
    await chassis(index, 'power', 'cycle');
    await says(network, 'boot disk');
    expect(await domain().definition()).toBe(original);
  });

  test('a domain that is switched off meanwhile keeps its override', async () => {
    await chassis(index, 'bootdev', 'pxe');
    await chassis(index, 'power', 'off');
    expect(bootElements(await domain().definition())).toEqual(overridden);
    await chassis(index, 'power', 'on');
    await says(network);
    expect(await domain().definition()).toBe(original);
  });

  test('a guest that then reboots itself, as an installer does, comes up from its disk', async () => {
    // Started with the override.
    expect(bootElements(await lab.libvirt.virsh('dumpxml', domain().name))).toEqual(overridden);
    const pid = domain().pid();
    const typedAt = performance.now();
    await lab.guest(index).type('r');
    await says('guest reboot', 'boot disk');
    printFigure(
      `guest reboot after a one-shot boot, ${_style}, up from disk after`,
      `${(performance.now() - typedAt).toFixed(0)} ms`,
    );
    expect(domain().pid()).toBe(pid);
    expect(await domain().definition()).toBe(original);
  });

  test('a guest that reboots itself with an override pending comes up from there, once', async () => {
    const pid = domain().pid();
    await chassis(index, 'bootdev', 'pxe');
    await lab.guest(index).type('r');
    await says('guest reboot', network);
    await restored();
    await lab.guest(index).type('r');
    await says('guest reboot', network, 'guest reboot', 'boot disk');
    expect(domain().pid()).toBe(pid);
  });

  test('a start by another program uses it up too', async () => {
    await domain().bringTo('shut off');
    await chassis(index, 'bootdev', 'pxe');
    await lab.libvirt.virsh('start', domain().name);
    await says(network);
    await restored();
  });
});

test('no boot within 60 s: the definition is restored, and the read-back has no override', async () => {
  const afterMs = await untilRestored;
  printFigure(
    'one-shot boot device that no boot used, definition restored after',
    `${(afterMs / 1000).toFixed(1)} s`,
  );
  expect(afterMs).toBeGreaterThanOrEqual(60_000);
  expect(await chassis(2, 'bootparam', 'get', '5')).toContain('No override');
});
