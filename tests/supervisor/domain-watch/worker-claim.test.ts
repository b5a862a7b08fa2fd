import { WorkerClaim } from '#supervisor/domain-watch/worker-claim.ts';
import { WORKER_CLAIM_MS } from '#supervisor/supervision/supervision-times.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

function scene() {
  const clock = new VirtualClock();
  const log: string[] = [];
  const claim = new WorkerClaim(clock, {
    begins: (verb, forMs) => log.push(`${verb} ${forMs}`),
    ends: () => log.push('ends'),
    expires: () => log.push('expires'),
  });
  return { clock, claim, log };
}

test('a claim begins, and ends once', () => {
  const { clock, claim, log } = scene();
  claim.begin('destroy', 20_000);
  claim.begin('domstate', 1);
  claim.end();
  claim.end();
  expect(log).toEqual(['destroy 20000', 'ends']);
  expect(clock.pendingTimers).toBe(0);
});

test.each([1, 10, 1_000])('%d claims in succession expire together', (claims) => {
  const { clock, claim, log } = scene();
  for (let count = 0; count < claims; count += 1) {
    clock.advance(10);
    claim.begin('domstate', 1);
    clock.advance(WORKER_CLAIM_MS / claims);
    claim.end();
  }
  expect(log.filter((line) => line === 'expires')).toHaveLength(1);
  claim.begin('domstate', 1);
  expect(log.at(-1)).toBe('expires');
  expect(clock.pendingTimers).toBe(0);
});

test('a worker that has rested is believed again; one that goes on claiming is not', () => {
  const { clock, claim, log } = scene();
  claim.begin('domstate', 1);
  clock.advance(WORKER_CLAIM_MS);
  for (let count = 0; count < 10; count += 1) {
    clock.advance(WORKER_CLAIM_MS / 2);
    claim.end();
    claim.begin('domstate', 2);
  }
  expect(log).toEqual(['domstate 1', 'expires']);
  clock.advance(WORKER_CLAIM_MS);
  claim.begin('domstate', 3);
  expect(log.at(-1)).toBe('domstate 3');
});
