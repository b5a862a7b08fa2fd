/** Commands one client after the other to one BMC, each judged by what libvirt says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '#support/seeded-random.ts';
import { waitFor } from '#support/wait-for.ts';
import { firstBootDevice } from '../random-walk/compare.ts';
import { judgeBoots, nextBoot, overrideAfter, type Override } from './boot-model.ts';
import type { ChaosDomain } from './chaos-domain.ts';
import { historyOf, type ChaosScene } from './chaos-scene.ts';
import {
  describeCommand,
  describeOutcome,
  drawClient,
  drawCommand,
  mustBeRefused,
  PATIENT_MS,
  type BootDevice,
  type ChaosCommand,
  type Client,
  type Outcome,
} from './command.ts';
import { describeFacts, isOn, type DomainFacts } from './domain-facts.ts';
import { seconds } from './fault-ledger.ts';
import { bootsOf, bootsSince, judgeAcknowledged, judgeQuiet } from './judge-change.ts';
import { askForPower } from './power-question.ts';
import { sendCommand } from './send-command.ts';
import { settle } from './settle.ts';
import type { ViolationKind } from './tally.ts';

/** A guest boots within a second or two, on a machine that is busy with others later. */
const BOOT_MS = 60_000;
const REPORTED_MS = 10_000;
const LONGEST_PAUSE_MS = 4_000;
const BETWEEN_QUESTIONS_MS = 1_200;

interface Sent {
  readonly command: ChaosCommand;
  readonly client: Client;
  readonly outcome: Outcome;
  readonly from: number;
  readonly to: number;
  readonly before: DomainFacts;
}

export class DomainDriver {
  readonly #scene: ChaosScene;
  readonly #domain: ChaosDomain;
  readonly #random: SeededRandom;
  #override: Override | undefined;
  /** What must still be so. */
  #settled: DomainFacts | undefined;
  /** How often the guest has booted cannot be known since a change was cut. */
  #isBootCountExact = true;

  constructor(scene: ChaosScene, domain: ChaosDomain) {
    this.#scene = scene;
    this.#domain = domain;
    this.#random = new SeededRandom(scene.seed + 1_000 * (domain.index + 1));
  }

  /** Returns when `isOver` and no change is under way any more. */
  async drive(isOver: () => boolean): Promise<void> {
    const { signal } = this.#scene;
    while (!isOver() && !signal.aborted) {
      const before = await this.#domain.facts();
      this.#judgeQuiet(before);
      await this.#step(before);
      await this.#pause();
    }
  }

  /** Whether nothing has happened since; asks the BMC. */
  async check(): Promise<void> {
    const facts = await this.#domain.facts();
    this.#judgeQuiet(facts);
    await askForPower(this.#scene, this.#domain, facts);
  }

  async #step(before: DomainFacts): Promise<void> {
    const { busy, clients, now, tally } = this.#scene;
    const command = drawCommand(this.#random, isOn(before));
    const client = drawClient(this.#random, command);
    const from = now();
    busy.add(this.#domain.index);
    const outcome = await sendCommand(clients, this.#domain.bmc, command, client);
    busy.delete(this.#domain.index);
    tally.answered(command, outcome);
    const sent: Sent = { command, client, outcome, from, to: now(), before };
    this.#judgeNeighbour(sent);
    if (outcome.is === 'acknowledged') await this.#afterSuccess(sent);
    else if (outcome.is === 'notSent' || (outcome.is === 'refused' && mustBeRefused(command, isOn(before))))
      this.#settled = before;
    else await this.#afterCut(sent);
  }

  async #afterSuccess(sent: Sent): Promise<void> {
    const { command, before } = sent;
    const after = await this.#reported(sent, await this.#domain.facts());
    const wrong = judgeAcknowledged(command, before, after);
    if (wrong.length > 0) this.#violate('not exactly once', wrong.join('; '), sent, after);
    this.#settled = after;
    if (command.verb === 'bootdev') await this.#readBack(sent);
    const boots = bootsOf(command, isOn(before));
    await this.#judgeBoots(sent, boots, nextBoot(this.#override, sent.from));
    this.#override = overrideAfter(this.#override, command, { boots, at: this.#scene.now() });
  }

  /** State and process are so at once. libvirt's reports of a start or reset may come after the answer. */
  async #reported({ command, before }: Sent, atOnce: DomainFacts): Promise<DomainFacts> {
    let reported = atOnce;
    const look = async (): Promise<boolean> => {
      const { starts, resets, libvirtLife } = await this.#domain.facts();
      reported = { ...atOnce, starts, resets, libvirtLife };
      return judgeAcknowledged(command, before, reported).length === 0;
    };
    if (judgeAcknowledged(command, before, atOnce).length > 0) {
      const options = { timeoutMs: REPORTED_MS, intervalMs: 100 };
      await waitFor("libvirt's report", look, options).catch(() => false);
    }
    return reported;
  }

  async #readBack(sent: Sent): Promise<void> {
    if (sent.command.verb !== 'bootdev' || sent.command.device === 'none') return;
    const first = firstBootDevice(await this.#domain.definition());
    if (first === sent.command.device) return;
    this.#violate('wrong answer', `the definition boots from ${first}`, sent, sent.before);
  }

  /** `device`: undefined if that is not known. */
  async #judgeBoots(sent: Sent, count: number, device: BootDevice | undefined): Promise<void> {
    if (count === 0) return;
    const said = (): readonly string[] => this.#domain.bootLines().slice(sent.before.boots);
    await waitFor('the boot', () => said().length >= count, { timeoutMs: BOOT_MS }).catch(() => undefined);
    const wrong = judgeBoots(said(), { count, device, isExact: this.#isBootCountExact });
    this.#isBootCountExact = true;
    const now = await this.#domain.facts();
    if (wrong.length > 0) this.#violate('not exactly once', wrong.join('; '), sent, now);
    else if (this.#settled !== undefined) {
      // Since then nothing but the boot has happened, with the resets that SeaBIOS makes in it.
      this.#settled = { ...this.#settled, resets: now.resets };
      this.#judgeQuiet(now);
    }
  }

  async #afterCut(sent: Sent): Promise<void> {
    const { tally, now } = this.#scene;
    const atOutcome = await this.#domain.facts();
    const { settled, became, wrong, kind } = await settle(this.#scene, this.#domain, { ...sent, atOutcome });
    tally.longestSettlingMs = Math.max(tally.longestSettlingMs, now() - sent.to);
    if (sent.command.verb === 'power') tally.cut(became);
    if (wrong.length > 0) this.#violate(kind, wrong.join('; '), sent, settled);
    this.#settled = settled;
    this.#override = undefined;
    const boots = bootsSince(sent.before, settled);
    if (boots === undefined) this.#isBootCountExact = false;
    else await this.#judgeBoots(sent, boots, undefined);
  }

  /** A BMC that no fault can have hit does what it is asked for. */
  #judgeNeighbour(sent: Sent): void {
    const { command, client, outcome, from, to, before } = sent;
    if (!this.#scene.ledger.isUndisturbed(this.#domain.index, from, to)) return;
    const wanted = mustBeRefused(command, isOn(before)) ? 'refused' : 'acknowledged';
    if (outcome.is === wanted || client.deadlineMs < PATIENT_MS) return;
    this.#violate('disturbed neighbour', 'no fault has hit this BMC', sent, before);
  }

  #judgeQuiet(now: DomainFacts): void {
    if (this.#settled === undefined) return;
    const wrong = judgeQuiet(this.#settled, now);
    if (wrong.length > 0) {
      const { tally, now: time } = this.#scene;
      const history = [
        `settled: ${describeFacts(this.#settled)}`,
        `now, ${seconds(time())}: ${describeFacts(now)}`,
        ...historyOf(this.#scene, this.#domain),
      ];
      tally.violate({
        kind: 'not exactly once',
        what: `${this.#domain.name}: ${wrong.join('; ')}`,
        history,
      });
    }
    this.#settled = now;
  }

  async #pause(): Promise<void> {
    const { now } = this.#scene;
    const end = now() + this.#random.below(LONGEST_PAUSE_MS);
    while (now() < end && this.#settled !== undefined) {
      await askForPower(this.#scene, this.#domain, this.#settled);
      await sleep(Math.min(BETWEEN_QUESTIONS_MS, Math.max(0, end - now())));
    }
  }

  #violate(kind: ViolationKind, what: string, sent: Sent, after: DomainFacts): void {
    const { command, client, outcome, from, to, before } = sent;
    const history = [
      `${seconds(from)}: ${describeCommand(command)} by ${client.program}, at ${seconds(to)} ${describeOutcome(outcome)}`,
      `before: ${describeFacts(before)}`,
      `after:  ${describeFacts(after)}`,
      ...historyOf(this.#scene, this.#domain),
    ];
    this.#scene.tally.violate({
      kind,
      what: `${this.#domain.name}, ${describeCommand(command)}: ${what}`,
      history,
    });
  }
}
