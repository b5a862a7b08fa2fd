/** What a BMC's chronicle counts and records, with a domain watch that the test plays. */
import type { DomainListener } from '#supervisor/domain-watch/domain-listeners.ts';
import { DomainChronicle } from '#supervisor/event-log/domain-chronicle.ts';
import type { EventLog } from '#supervisor/event-log/event-log.ts';
import { EventLogs } from '#supervisor/event-log/event-logs.ts';
import { deviceConfiguration } from '#support/supervisor/device-link-scene.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const HOUR_MS = 3_600_000;

class Scene {
  readonly clock = new VirtualClock();
  readonly #directory = temporaryDirectory();

  /** As a vbmcd that has just started; the log is read. */
  async open(): Promise<{ chronicle: DomainChronicle; domain: DomainListener; log: EventLog }> {
    const { clock } = this;
    const logs = new EventLogs({ stateDirectory: this.#directory, clock, log: () => undefined });
    const log = logs.of('node-0');
    const chronicle = new DomainChronicle(log, clock);
    const listeners: DomainListener[] = [];
    chronicle.open(deviceConfiguration, {
      listen: (_uri, listener) => {
        listeners.push(listener);
        return () => undefined;
      },
    });
    await chronicle.run();
    const [domain] = listeners;
    if (domain === undefined) throw new Error('nobody listens');
    return { chronicle, domain, log };
  }
}

async function hoursOf(chronicle: DomainChronicle): Promise<number> {
  return ((await chronicle.run())?.operatingSeconds ?? NaN) / 3_600;
}

test('hours count while the watch knows that the domain is on', async () => {
  const scene = new Scene();
  const { chronicle, domain } = await scene.open();
  domain.takeState('running', undefined);
  scene.clock.advance(HOUR_MS);
  domain.takeDoubt();
  scene.clock.advance(10 * HOUR_MS);
  domain.takeState('running', undefined);
  scene.clock.advance(HOUR_MS);
  expect(await hoursOf(chronicle)).toBe(2);
  domain.takeState('shutOff', 'destroyed');
  scene.clock.advance(HOUR_MS);
  expect(await hoursOf(chronicle)).toBe(2);
});

test('an hour that was told is there for the next vbmcd, though this one is killed; the time between does not count', async () => {
  const scene = new Scene();
  const { chronicle, domain } = await scene.open();
  domain.takeState('running', undefined);
  scene.clock.advance(HOUR_MS);
  expect(await hoursOf(chronicle)).toBe(1);
  scene.clock.advance(HOUR_MS - 1_000);
  const next = await scene.open();
  next.domain.takeState('running', undefined);
  const hours = await hoursOf(next.chronicle);
  expect(hours).toBeGreaterThan(1.8);
  expect(hours).toBeLessThan(2);
});

test('a panic is recorded once, though the next vbmcd finds the domain crashed, and the log was cleared', async () => {
  const scene = new Scene();
  const kindsOf = async (log: EventLog): Promise<unknown> =>
    (await log.view(undefined))?.entries?.map(({ fact: { kind } }) => kind);
  const { domain, log } = await scene.open();
  domain.takeState('running', undefined);
  domain.takeEvent({ kind: 'lifecycle', domainName: 'node-0', change: 'Crashed', detail: 'Panicked' });
  expect(await kindsOf(log)).toEqual(['osStopped']);
  await log.clear();
  const next = await scene.open();
  next.domain.takeState('crashed', undefined);
  expect(await kindsOf(next.log)).toEqual(['logCleared']);
});

test('a BMC that stops and starts again has not seen its domain meanwhile', async () => {
  const scene = new Scene();
  const { chronicle, domain } = await scene.open();
  domain.takeState('running', undefined);
  scene.clock.advance(HOUR_MS);
  chronicle.close();
  scene.clock.advance(HOUR_MS);
  expect(await hoursOf(chronicle)).toBe(1);
});
