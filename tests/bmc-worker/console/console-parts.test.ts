import { ConsoleBanner } from '#worker/console/console-banner.ts';
import { consoleEnvironment, consoleWords } from '#worker/console/console-command.ts';
import { endOfExit, endOfFailure } from '#worker/console/console-end.ts';
import { TYPED_AHEAD, TypedBytes } from '#worker/console/typed-bytes.ts';
import { SeededRandom } from '#support/seeded-random.ts';

describe('the banner', () => {
  const banner = Buffer.from(
    "Connected to domain 'Escape character is ^]'\nEscape character is \xff\n",
    'latin1',
  );

  it('ends with its last newline, however it is cut', () => {
    const all = Buffer.concat([banner, Buffer.from('\nguest')]);
    for (let cut = 0; cut <= all.length; cut += 1) {
      const finder = new ConsoleBanner();
      const first = finder.push(all.subarray(0, cut));
      const rest =
        first === undefined
          ? [finder.push(all.subarray(cut)) as Uint8Array]
          : [first as Uint8Array, all.subarray(cut)];
      expect(Buffer.concat(rest).toString()).toBe('\nguest');
    }
  });

  it('may be followed by megabytes at once', () => {
    const rest = new ConsoleBanner().push(Buffer.concat([banner, Buffer.alloc(1_000_000)]));
    expect(rest).toHaveLength(1_000_000);
  });

  it('has a longest length', () => {
    const finder = new ConsoleBanner();
    expect(finder.push(Buffer.alloc(16_384))).toBeUndefined();
    expect(finder.push(Buffer.concat([Buffer.alloc(1), banner]))).toBe('endless');
  });
});

describe('the command line', () => {
  it('has the values in the environment only', () => {
    const values = { connectionUri: 'qemu+ssh://value/', address: 'value', device: 'value', force: true };
    expect(consoleWords(['setpriv', '--']).join(' ')).not.toMatch(/value/);
    expect(Object.values(consoleEnvironment(values)).filter((each) => each.includes('value'))).toHaveLength(
      3,
    );
  });
});

describe('why a console has ended', () => {
  const exit = { exitCode: 1, signal: undefined, hasOpened: false, hasTypedEscape: false };
  // libvirt 9.0 and 11.3; "cannot find default console device" is that of other drivers.
  it.each([
    ['error: The domain is not running\n', 'domainOff'],
    ['error: operation failed: Active console session exists for this domain\n', 'taken'],
    ['error: internal error: character device serial0 is not using a PTY\n', 'noConsole'],
    ['error: internal error: character device (null) is not using a PTY\n', 'noConsole'],
    ['error: internal error: cannot find character device (null)\n', 'noConsole'],
    ['error: internal error: cannot find console device "(null)"\n', 'noConsole'],
    ['error: stream had I/O failure\n', 'stolen'],
    [
      "error: failed to get domain 'x'\nerror: Domain not found: no domain with matching name 'x'\n",
      'domainOff',
    ],
    ["error: access denied: 'QEMU' denied access\n", 'denied'],
    [
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/x': Connection refused\n",
      'libvirtGone',
    ],
    ['error: Cannot run interactive console without a controlling TTY\n', 'failed'],
    ['sh: 1: exec: setsid: not found\n', 'failed'],
  ] as const)('%s', (stderr, reason) => {
    const end = endOfExit({ ...exit, stderr }, 'qemu:///system');
    expect(end.reason).toBe(reason);
    expect(end.text).toMatch(/^virsh console: [^\n]+$/);
  });

  it('names what is missing', () => {
    const stderr = 'sh: 1: exec: script: not found\n';
    const { text } = endOfExit({ ...exit, stderr, exitCode: 127 }, 'qemu:///system');
    expect(text).toMatch(/no program script: install bsdutils/);
  });

  it('takes the failure of an earlier call', () => {
    expect(endOfFailure({ kind: 'deadlineExceeded', message: 'why' })).toEqual({
      reason: 'libvirtGone',
      text: 'why',
    });
    expect(endOfFailure({ kind: 'permissionDenied', message: 'why' }).reason).toBe('denied');
    expect(endOfFailure({ kind: 'virshMissing', message: 'why' }).reason).toBe('failed');
  });
});

describe('what is typed', () => {
  it('is taken up to 4 KiB, with what is under way', () => {
    const typed = new TypedBytes();
    expect(typed.add(Buffer.alloc(5_000), 1_000)).toBe(TYPED_AHEAD - 1_000);
    expect(typed.add(Buffer.alloc(1), 1_000)).toBe(0);
    expect(typed.add(Buffer.alloc(1), 0)).toBe(1);
  });

  it('comes out whole, in order, and no piece begins with FFh', () => {
    const random = new SeededRandom(21);
    for (let round = 0; round < 300; round += 1) {
      const typed = new TypedBytes();
      const bytes = Buffer.from(
        Array.from({ length: random.below(3_000) }, () => (random.below(3) === 0 ? 0xff : 0x61)),
      );
      typed.add(bytes, 0);
      const pieces: Buffer[] = [];
      for (let piece = typed.next(); piece !== undefined; piece = typed.next()) {
        expect(piece.bytes[0]).not.toBe(0xff);
        expect(piece.standsAlone).toBe(piece.bytes.includes(0xff));
        pieces.push(Buffer.from(piece.bytes));
      }
      const first = bytes.findIndex((byte) => byte !== 0xff);
      expect(Buffer.concat(pieces).equals(first === -1 ? Buffer.alloc(0) : bytes.subarray(first))).toBe(true);
    }
  });
});
