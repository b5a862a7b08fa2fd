import { ProgramStarts } from '#supervisor/supervision/program-starts.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

function scene() {
  const clock = new VirtualClock();
  const logged: string[] = [];
  const starts = new ProgramStarts(clock, (level, message) => logged.push(`${level} ${message}`));
  return { clock, logged, starts, virsh: starts.reporter('virsh'), worker: starts.reporter('worker') };
}

test('all failures are counted, by program', () => {
  const { starts, virsh, worker } = scene();
  starts.reporter('systemd-notify');
  for (const code of ['ENOMEM', 'EAGAIN', undefined, 'EMFILE']) virsh(code);
  worker('ENOMEM');
  expect([...starts.failures]).toEqual([
    ['virsh', 3],
    ['worker', 1],
    ['systemd-notify', 0],
  ]);
});

test('an outage is told once, and its end when starts have succeeded for a while', () => {
  const { clock, logged, virsh, worker } = scene();
  virsh('ENOMEM');
  worker('ENOMEM');
  // During a shortage some starts succeed.
  worker();
  clock.advance(4_000);
  worker('EAGAIN');
  clock.advance(4_000);
  worker();
  expect(logged).toEqual(['error virsh could not be started: ENOMEM; vbmcd keeps trying']);
  clock.advance(1_000);
  virsh();
  virsh();
  expect(logged.slice(1)).toEqual(['info programs can be started again, after 3 failed attempts']);
  worker('ENFILE');
  expect(logged.slice(2)).toEqual(['error worker could not be started: ENFILE; vbmcd keeps trying']);
});
