/** The state beside a start that takes long: no question about the domain alone, which would keep every `define` waiting. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallGate, LONG_START_MS } from '#worker/libvirt/call-gate.ts';
import { createDomainActions } from '#worker/libvirt/domain-actions.ts';
import { observed } from '#worker/libvirt/observed-virsh.ts';
import { createVirsh, type Virsh } from '#worker/libvirt/virsh.ts';

const PROGRAM = new URL('../../fixtures/bin/virsh-shell', import.meta.url).pathname;
const readDomainState = { kind: 'readDomainState' } as const;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vbmc-beside-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function stats(...domains: readonly (readonly [name: string, state: number, reason: number])[]): string {
  return domains
    .map(([name, state, reason]) => `Domain: '${name}'\n  state.state=${state}\n  state.reason=${reason}\n\n`)
    .join('');
}

/** A virsh that notes its arguments, and prints what is in `all` for a question about all domains. */
function virshWith(gate: CallGate, all: string, more: { readonly exitCode?: number } = {}): Virsh {
  writeFileSync(join(directory, 'all'), all);
  const failing = more.exitCode === undefined ? '' : `cat all >&2; exit ${more.exitCode};`;
  const script = `cd ${directory}; echo "$0 $*" >> log
    case $0 in
      domstats) ${failing} cat all;;
      domstate) echo 'running (booted)';;
      start) while [ ! -e released ]; do sleep 0.05; done;;
      *) echo 'error: metadata not found' >&2; exit 1;;
    esac`;
  return createVirsh({ connectionUri: script, program: PROGRAM, gate, deadlineMs: 5_000, patienceMs: 200 });
}

function asked(): string[] {
  return readFileSync(join(directory, 'log'), 'utf8').split('\n').slice(0, -1);
}

/** With a start under way for so long. */
function gateBesideStart(forMs = LONG_START_MS) {
  const gate = new CallGate();
  return { gate, start: gate.enter('start', performance.now() - forMs) };
}

test.each([
  [3, 11, 'startingUp'],
  [5, 6, 'shutOff'],
  [1, 1, 'running'],
])(
  'state %d for the reason %d is told by the question about all domains: %s',
  async (state, reason, domainState) => {
    const { gate } = gateBesideStart();
    const virsh = virshWith(gate, stats(['other', 1, 1], ["o'dd ", state, reason], ['last', 5, 1]));
    const { perform } = createDomainActions({ virsh, domainName: "o'dd " });
    expect(await perform(readDomainState)).toEqual({ ok: true, facts: { domainState } });
    expect(asked()).toEqual(['domstats --state --raw']);
  },
);

test('a start that ends soon is waited for, and the domain is asked alone', async () => {
  const { gate, start } = gateBesideStart(0);
  const { perform } = createDomainActions({ virsh: virshWith(gate, stats(['a', 3, 11])), domainName: 'a' });
  const state = perform(readDomainState);
  setTimeout(() => {
    start.ended();
  }, 300);
  expect(await state).toEqual({ ok: true, facts: { domainState: 'running' } });
  expect(asked()).toEqual(['domstate --domain a --reason']);
});

test('a start that takes longer is not', async () => {
  const { gate } = gateBesideStart(LONG_START_MS - 300);
  const { perform } = createDomainActions({ virsh: virshWith(gate, stats(['a', 3, 11])), domainName: 'a' });
  expect(await perform(readDomainState)).toEqual({ ok: true, facts: { domainState: 'startingUp' } });
  expect(asked()).toEqual(['domstats --state --raw']);
});

test.each([
  ['libvirt lists it twice', stats(['a', 5, 1], ['a', 1, 1])],
  ['libvirt does not list it', stats(['b', 1, 1])],
  ['its name has a line break', stats(['b', 1, 1]), "b'\nx"],
  ['virsh prints something else', 'garbage'],
])('nothing is told of a domain if %s', async (_what, all, domainName = 'a') => {
  const { gate } = gateBesideStart();
  const { perform } = createDomainActions({ virsh: virshWith(gate, all), domainName });
  expect(await perform(readDomainState)).toMatchObject({ ok: false, failure: { kind: 'virshFailed' } });
  expect(asked()).toEqual(['domstats --state --raw']);
});

test.each([
  [
    'error: this function is not supported by the connection driver: virConnectGetAllDomainStats',
    'deadlineExceeded',
  ],
  ['error: Failed to connect socket to x: Connection refused', 'hypervisorUnreachable'],
])('a failure: %s', async (complaint, kind) => {
  const { gate } = gateBesideStart();
  const { perform } = createDomainActions({
    virsh: virshWith(gate, complaint, { exitCode: 1 }),
    domainName: 'a',
  });
  expect(await perform(readDomainState)).toMatchObject({ ok: false, failure: { kind } });
  expect(asked()).toEqual(['domstats --state --raw']);
});

test('while libvirt does not answer about some domain, nothing is asked at all', async () => {
  const { gate, start } = gateBesideStart();
  gate.noteAllDomains(true);
  start.owed();
  const virsh = virshWith(gate, stats(['a', 1, 1]));
  const { perform } = createDomainActions({ virsh, domainName: 'a' });
  expect(await perform(readDomainState)).toMatchObject({ ok: false, failure: { kind: 'deadlineExceeded' } });
  start.ended();
  expect(await perform(readDomainState)).toMatchObject({ ok: true });
  expect(asked()).toEqual(['domstate --domain a --reason']);
});

test('the metrics tell which question it was', async () => {
  const { gate } = gateBesideStart();
  const verbs: string[] = [];
  const virsh = observed(virshWith(gate, stats(['a', 1, 1])), {
    now: () => 0,
    observe: ({ verb }) => void verbs.push(verb),
    resets: () => undefined,
  });
  await createDomainActions({ virsh, domainName: 'a' }).perform(readDomainState);
  expect(verbs).toEqual(['domstats']);
});
