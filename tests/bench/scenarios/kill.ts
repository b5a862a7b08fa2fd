import { getChannelAuthenticationCapabilities } from '@vbmc/ipmi-codec';
import { consoleTo, type RemoteBmc } from '#support/clients/console-to.ts';
import { planBmcs } from '#lab/vbmcd.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { capabilitiesRequest } from '../load/ask-capabilities.ts';
import { distributionOf } from '../measure/distribution.ts';
import { ownerOfUdpPort } from '../measure/port-owner.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { allAnswer } from '../subjects/contestants.ts';
import { launchers } from '../subjects/launchers.ts';
import { withMockDomains } from '../subjects/mock-domains.ts';
import { OUR_NAME, type Subject } from '../subjects/subject.ts';

export const kill: Scenario = {
  name: 'kill',
  about: 'kill -9 of a worker: time to the next answer',
  run: (bench) =>
    withMockDomains(bench.sizes.kills, async (libvirt, domains) => {
      for (const launcher of launchers(bench)) {
        const subject = await launcher.launch(libvirt, await planBmcs(domains));
        await allAnswer(subject);
        await killWorkers(
          bench,
          subject,
          launcher.name === OUR_NAME ? bench.sizes.kills : bench.sizes.peerKills,
        );
        await subject.stop();
      }
    }),
};

/** Kills each worker once: a worker that crashes twice within a minute is restarted with a delay. */
async function killWorkers(bench: Bench, subject: Subject, kills: number): Promise<void> {
  const untilAnswerMs: number[] = [];
  for (const [index, target] of subject.targets.slice(0, kills).entries()) {
    if (index % 10 === 0) bench.say(`${subject.name}: ${index} of ${kills} killed`);
    const pid = ownerOfUdpPort(target.port);
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await nextAnswer(target);
    untilAnswerMs.push(performance.now() - killedAt);
  }
  const { median, max } = distributionOf(untilAnswerMs);
  const figure = (what: string, value: number): void => {
    bench.findings.figure({ what, subject: subject.name, unit: 'ms' }, value, `of ${kills} kills`);
  };
  figure('kill -9 to the next answer, median', median);
  figure('kill -9 to the next answer, worst', max);
}

/** Sends a request every few milliseconds from one port. */
async function nextAnswer(target: RemoteBmc): Promise<void> {
  const udpConsole = await UdpConsole.bind(consoleTo(target, { retransmitAfterMs: 2, deadlineMs: 30_000 }));
  try {
    await udpConsole.request(getChannelAuthenticationCapabilities, capabilitiesRequest);
  } finally {
    await udpConsole.abandon();
  }
}
