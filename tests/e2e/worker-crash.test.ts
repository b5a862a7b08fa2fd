/** A worker that is killed: its BMC is back at once, and the other BMCs are not disturbed. */
import { getChassisStatus } from '@vbmc/ipmi-codec';
import { UdpConsole } from '#support/console/udp-console.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { firstAnswer } from '#support/clients/first-answer.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { startSteadyRequests } from '#support/clients/steady-requests.ts';

/** Each worker is killed once only: the second crash within a minute waits for its restart on purpose. */
const KILLS = 10;
const WITNESS = KILLS;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: KILLS + 1 });
});
afterAll(async () => {
  await lab.stop();
});

async function pidOf(index: number): Promise<number> {
  const { pid } = (await lab.vbmcList()).find(({ name }) => name === `node-${index}`) ?? {};
  if (typeof pid !== 'number') throw new Error(`node-${index} has no worker`);
  return pid;
}

test('kill -9 of a worker: it is restarted without a wait, and another BMC sees no failure', async () => {
  await lab.libvirt.virsh('start', `node-${WITNESS}`);
  const steady = await startSteadyRequests(lab.bmc(WITNESS), getChassisStatus);
  const pidOfWitness = await pidOf(WITNESS);
  const [untilAnswerMs, untilPowerStatusMs]: [number[], number[]] = [[], []];
  for (let index = 0; index < KILLS; index += 1) {
    const pid = await pidOf(index);
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await firstAnswer(lab.bmc(index), { retransmitAfterMs: 4 });
    untilAnswerMs.push(performance.now() - killedAt);
    const session = await UdpConsole.connect(consoleTo(lab.bmc(index)));
    const { value } = await session.request(getChassisStatus, undefined);
    untilPowerStatusMs.push(performance.now() - killedAt);
    expect(value?.powerOn).toBe(false);
    await session.close();
    expect(await pidOf(index)).not.toBe(pid);
  }
  const { durationsMs, failures, retransmissions } = await steady.stop();
  printFigure('kill -9 of a worker, its BMC answers again after', describeDurations(untilAnswerMs));
  printFigure(
    'kill -9 of a worker, power status in a new session after',
    describeDurations(untilPowerStatusMs),
  );
  printFigure('meanwhile power status of another BMC', describeDurations(durationsMs));

  expect(failures).toEqual([]);
  expect(retransmissions).toBe(0);
  expect(await pidOf(WITNESS)).toBe(pidOfWitness);
  const restarts = (await lab.vbmcList()).map(({ name, restarts }) => [name, restarts]);
  for (let index = 0; index < KILLS; index += 1) expect(restarts).toContainEqual([`node-${index}`, 1]);
  expect(restarts).toContainEqual([`node-${WITNESS}`, 0]);
});
