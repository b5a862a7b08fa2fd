/**
 * `npm run bench:rakp`: how long RAKP Message 2 takes for users that exist and for users that do not, mixed at random
 * in one run. The difference that an attacker could measure is printed next to the difference that chance makes
 * between two halves of the same sample.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { CipherSuiteId } from '@vbmc/ipmi-codec';
import type { LabBmc } from '#lab/inventory-text.ts';
import { planBmcs, startLabVbmcd } from '#lab/vbmcd.ts';
import { RemoteConsole } from '#support/console/remote-console.ts';
import { quantile } from './measure/distribution.ts';
import { rankTest } from './measure/rank-test.ts';
import { withMockDomains } from './subjects/mock-domains.ts';

const DEFAULT_SAMPLES = 10_000;
const WARM_UP = 1_000;

/** The users of the logins. The existing user is measured as two series: their difference is chance. */
const kinds = ['known', 'known (control)', 'unknown, as long', 'unknown, 16 bytes'] as const;
type Kind = (typeof kinds)[number];

function nameOf(kind: Kind, bmc: LabBmc): string {
  if (kind === 'unknown, as long') return 'q'.repeat(bmc.username.length);
  return kind === 'unknown, 16 bytes' ? 'q'.repeat(16) : bmc.username;
}

class Stopwatch {
  readonly #socket: Socket;
  readonly #bmc: LabBmc;
  readonly #cipherSuiteId: CipherSuiteId;

  constructor(socket: Socket, bmc: LabBmc, cipherSuiteId: CipherSuiteId) {
    this.#socket = socket;
    this.#bmc = bmc;
    this.#cipherSuiteId = cipherSuiteId;
  }

  /** Microseconds from RAKP Message 1 to RAKP Message 2; the Open Session before it is not counted. */
  async time(kind: Kind): Promise<number> {
    const console = new RemoteConsole({
      userName: nameOf(kind, this.#bmc),
      password: this.#bmc.password,
      privilegeLevel: 'administrator',
      cipherSuiteId: this.#cipherSuiteId,
      randomBytes,
    });
    const opened = await this.#ask(console.openSessionRequest());
    if (console.receive(opened.answer).kind !== 'openSessionResponse')
      throw new Error('Open Session was refused');
    const { answer, microseconds } = await this.#ask(console.rakpMessage1());
    const { kind: answered } = console.receive(answer);
    if (answered !== 'rakpMessage2') throw new Error(`RAKP Message 1 for ${kind}: ${answered}`);
    return microseconds;
  }

  async #ask(datagram: Uint8Array): Promise<{ answer: Uint8Array; microseconds: number }> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(reject, 5_000, new Error('no answer within 5 s'));
      this.#socket.once('message', (answer) => {
        const microseconds = Number(process.hrtime.bigint() - sentAt) / 1000;
        clearTimeout(late);
        resolve({ answer, microseconds });
      });
      const sentAt = process.hrtime.bigint();
      this.#socket.send(datagram);
    });
  }
}

async function measure(bmc: LabBmc, suite: CipherSuiteId, samples: number): Promise<Map<Kind, number[]>> {
  const socket = createSocket('udp4');
  socket.connect(bmc.port, bmc.address);
  await once(socket, 'connect');
  try {
    const stopwatch = new Stopwatch(socket, bmc, suite);
    for (let n = 0; n < WARM_UP; n += 1) await stopwatch.time(kinds[n % kinds.length] ?? 'known');
    const series = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
    for (let n = 0; n < samples * kinds.length; n += 1) {
      const kind = kinds[randomInt(kinds.length)] ?? 'known';
      series.get(kind)?.push(await stopwatch.time(kind));
    }
    return series;
  } finally {
    socket.close();
  }
}

function show(suite: CipherSuiteId, series: ReadonlyMap<Kind, readonly number[]>): string {
  const known = series.get('known') ?? [];
  const columns = ['count', 'p1', 'p10', 'p50', 'p90', 'p99'];
  const head =
    `suite ${suite}, µs`.padEnd(20) +
    `${columns.map((column) => column.padStart(9)).join('')}  told from known`;
  const rows = [...series].map(([kind, values]) => {
    const sorted = Float64Array.from(values).sort();
    const quantiles = [0.01, 0.1, 0.5, 0.9, 0.99].map((part) => quantile(sorted, part).toFixed(1));
    const { area, margin } = rankTest(known, values);
    const ranks = kind === 'known' ? '' : `  ${area.toFixed(4)} ± ${margin.toFixed(4)}`;
    return (
      kind.padEnd(20) + [String(sorted.length), ...quantiles].map((text) => text.padStart(9)).join('') + ranks
    );
  });
  return [head, ...rows].join('\n');
}

const { values } = parseArgs({ options: { samples: { type: 'string' } } });
const SAMPLES = Number(values.samples ?? DEFAULT_SAMPLES);
if (!Number.isSafeInteger(SAMPLES) || SAMPLES < 1)
  throw new Error('npm run bench:rakp -- [--samples NUMBER]');
await withMockDomains(1, async (libvirt, domains) => {
  // No client is locked out: the measured logins are never finished.
  const { bmcs } = await startLabVbmcd(libvirt, await planBmcs(domains), {
    inventoryKeys: { login_attempts: '0' },
  });
  for (const bmc of bmcs) {
    for (const suite of [17, 3] as const)
      process.stdout.write(`${show(suite, await measure(bmc, suite, SAMPLES))}\n\n`);
  }
});
process.stdout
  .write(`Told from known: how likely an answer of this kind takes longer than one of "known". 0.5 tells nothing; ± is
the 95 % confidence interval of what chance does, which the control shows as well.
`);
