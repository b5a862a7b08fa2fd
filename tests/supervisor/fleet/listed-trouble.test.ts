import { quietSubscription } from '#support/supervisor/quiet-subscription.ts';
import { supervise } from '#support/supervisor/supervise.ts';

test('while the worker has no answer, the listing tells why there is no connection', async () => {
  let trouble: string | undefined = 'connecting to qemu+ssh://hv1/system for 7 s';
  const { bmc, latest, clock } = supervise({
    domainUpdates: {
      subscribe: () => ({ ...quietSubscription, trouble: () => trouble }),
    },
  });
  bmc.start();
  latest().isReady();
  const listed = async (): Promise<unknown> => {
    const listing = bmc.list(1_000);
    clock.advance(1_000);
    return listing;
  };
  expect(await listed()).toMatchObject({ powerState: 'unknown', powerFailure: trouble });
  trouble = undefined;
  expect(await listed()).toMatchObject({ powerFailure: 'the worker has no answer yet' });
});
