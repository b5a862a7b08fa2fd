/** What the watch knows of a connection that does not stand, or takes long to stand. */
import { URI, watchScene as scene } from '#support/supervisor/watch-scene.ts';

test('tells why the connection does not stand, and for how long', () => {
  const { clock, stream, watches, subscribe, connect } = scene();
  const silent = { takeUnanswered: () => undefined, takeAllUnanswered: () => undefined };
  const subscription = watches.subscribe(URI, {
    ...{ ...silent, domainName: 'b', libvirtAuthFile: undefined },
    take: () => undefined,
    takeDefinitionChange: () => undefined,
    takeBootOverride: () => undefined,
  });
  subscribe();
  clock.advance(7_000);
  expect(subscription.trouble()).toBe(`connecting to ${URI} for 7 s`);
  stream().complains('error: failed to connect to the hypervisor');
  stream().complains('error: Cannot recv data: ssh: connect to host hv1 port 22: Connection refused');
  stream().ends('virsh ended with exit code 1');
  expect(subscription.trouble()).toMatch(/^no connection for 7 s: .*Connection refused.* \(/);
  clock.advance(1_000);
  expect(subscription.trouble()).toMatch(/^no connection for 8 s: .*Connection refused/);
  connect();
  expect(subscription.trouble()).toBeUndefined();
  stream().ends('virsh ended');
  clock.advance(2_000);
  expect(subscription.trouble()).toBe('no connection for 2 s: virsh ended');
});

test('the time that a new connection takes is no fault of a domain', () => {
  const all = scene();
  for (const name of ['a', 'b']) all.subscribe(name);
  all.clock.advance(6_000);
  all.connect();
  all.snapshotTwice(['a', 1], ['b', 1]);
  all.clock.advance(2_000);
  all.forget();
  // Each virsh connects anew, which takes 6 s.
  all.clock.advance(15_999);
  expect(all.asked()).toEqual([]);
  all.clock.advance(1);
  all.clock.advance(10_999);
  expect(all.published).toEqual([]);
  all.clock.advance(1);
  expect(all.published).toEqual(['a unanswered 11000']);
});
