/** A power off or a soft shutdown while a start is noted: it is carried out in any case, and success says that nobody starts it. */
import type { WorkerMessage } from '#worker/ipc/protocol.ts';
import { OwedStartStore } from '#worker/shell/owed-start-store.ts';
import { PER_DEVICE } from './definitions.ts';
import { failure } from './model-domain.ts';
import { control, done, failedWith, workbench, type Workbench } from './workbench.ts';

/** A worker whose predecessor has left a note. `answers`: what vbmcd says when it is to remove that. */
function scene(answers: readonly (string | undefined)[]): Workbench & { readonly sent: WorkerMessage[] } {
  const sent: WorkerMessage[] = [];
  const left = [...answers];
  const owedStarts: OwedStartStore = new OwedStartStore({
    send: (message) => {
      sent.push(message);
      if (!('requestId' in message)) return;
      const { requestId } = message;
      const reason = left.shift();
      queueMicrotask(() => {
        owedStarts.takeAnswer({
          type: 'owedStartNoted',
          requestId,
          ...(reason !== undefined && { failure: reason }),
        });
      });
    },
    report: () => undefined,
  });
  owedStarts.takeUp();
  return { ...workbench(PER_DEVICE, 'running', { owedStarts }), sent };
}

test('the note is removed before the answer, once', async () => {
  const { actions, sent } = scene([undefined]);
  expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(sent).toEqual([{ type: 'owedStartEnded', requestId: 1, how: 'calledOff' }]);
});

test('a note that cannot be removed fails the power off that has been carried out, and the next one removes it', async () => {
  const { actions, domain } = scene(['EROFS: read-only file system', undefined]);
  expect(await actions.perform(control('powerDown'))).toEqual({
    ok: false,
    failure: {
      kind: 'noteNotRemoved',
      message:
        'the domain is off, and a note on disk may still say to start it (an unfinished power cycle, or the power restore policy): EROFS: read-only file system',
    },
  });
  expect(domain.state).toBe('shutOff');
  expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
});

test('a power off that fails itself tells that', async () => {
  const { actions, domain } = scene(['EROFS']);
  domain.intercept = () => failure('error: failed to connect to the hypervisor\n');
  expect(await actions.perform(control('powerDown'))).toEqual(failedWith('hypervisorUnreachable'));
});

test('a soft shutdown removes the note too, once the guest is asked', async () => {
  const { actions, domain, sent } = scene([undefined]);
  expect(await actions.perform(control('softShutdown'))).toMatchObject({ ok: true });
  expect(domain.changes).toEqual(['shutdown acpi']);
  expect(sent).toEqual([{ type: 'owedStartEnded', requestId: 1, how: 'calledOff' }]);
});

test('a soft shutdown whose note is kept fails; one that is refused leaves it', async () => {
  const { actions, domain, sent } = scene(['EROFS']);
  expect(await actions.perform(control('softShutdown'))).toEqual(failedWith('noteNotRemoved'));
  domain.state = 'shutOff';
  expect(await actions.perform(control('softShutdown'))).toEqual(failedWith('invalidInPresentState'));
  expect(sent).toHaveLength(1);
});
