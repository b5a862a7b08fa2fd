import { getChassisStatus } from '@vbmc/ipmi-codec';
import { consoleTo, type RemoteBmc } from '#support/clients/console-to.ts';
import { UdpConsole } from '#support/console/udp-console.ts';

/** The answers, each with what was true when it was asked for and when it came. */
export interface TruthCount {
  right: number;
  wrong: number;
  /** The BMC refused: it did not know the state. */
  refused: number;
}

/** Sessions that ask for the power status continuously and compare it with the truth. */
export interface TruthfulLoad {
  readonly seen: TruthCount;
  /** Completion codes of refusals. */
  readonly codes: ReadonlySet<string>;
  /** The true state from now on; undefined while it changes, when every answer is right. */
  truth: boolean | undefined;
  stop(): Promise<void>;
}

export async function startTruthfulLoad(
  target: RemoteBmc,
  sessions: number,
  truth: boolean,
): Promise<TruthfulLoad> {
  const consoles: UdpConsole[] = [];
  for (let n = 0; n < sessions; n += 1) {
    consoles.push(await UdpConsole.connect(consoleTo(target, { deadlineMs: 60_000 })));
  }
  const codes = new Set<string>();
  const load = { seen: { right: 0, wrong: 0, refused: 0 }, codes, truth: truth as boolean | undefined };
  let going = true;
  const ask = async (session: UdpConsole): Promise<void> => {
    while (going) {
      const before = load.truth;
      const { completionCode, value } = await session.request(getChassisStatus, undefined);
      if (value === undefined) {
        load.seen.refused += 1;
        codes.add(`${completionCode.toString(16)}h`);
      } else if (before !== undefined && before === load.truth) {
        load.seen[value.powerOn === before ? 'right' : 'wrong'] += 1;
      }
    }
    await session.close();
  };
  const asking = Promise.all(consoles.map(ask));
  return Object.assign(load, {
    stop: async () => {
      going = false;
      await asking;
    },
  });
}
