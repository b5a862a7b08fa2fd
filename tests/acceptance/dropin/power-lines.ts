/** What scripts do to a domain by its BMC, node-0; `$IPMI` is ipmitool with its address and login, `$SERIAL` what the guest has printed. */
import type { DropinLine } from './lines.ts';

/** Waits 30 s at most for a command to succeed. */
function until(command: string): string {
  return `for _ in $(seq 300); do ${command} && break; sleep 0.1; done`;
}

function power(command: string, more: Partial<DropinLine> = {}): DropinLine {
  return { line: `$IPMI ${command}`, output: 'same', effect: 'same', ...more };
}

const OFF = 'the domain is off: VirtualBMC acknowledges and does nothing; ours refuses (D5h)';
const ONCE =
  'a boot device is for one boot, as IPMI has it: VirtualBMC leaves it in the definition, ours takes it back';
const UNKNOWN = 'VirtualBMC does not know this command';

export const powerLines: readonly DropinLine[] = [
  power('power status'),
  power('power on'),
  power('power status'),
  power('power on'),
  power('power diag'),
  {
    line: `${until('grep -q "boot disk" $SERIAL')}; $IPMI power soft; ${until('test "$(virsh -c $URI domstate node-0)" = \'shut off\'')}`,
    output: 'same',
    effect: 'same',
  },
  power('power soft', { differs: OFF }),
  power('power on'),
  power('power cycle', { differs: 'VirtualBMC refuses a power cycle' }),
  power('power reset'),
  power('power off'),
  power('power off'),
  power('power reset', { differs: OFF }),
  power('power cycle'),
  power('chassis status', { differs: 'ours knows the last power event and the front panel' }),
  power('chassis bootdev pxe'),
  power('chassis bootparam get 5'),
  power('power on', { differs: ONCE }),
  power('power off', { differs: ONCE }),
  power('chassis bootdev cdrom'),
  power('chassis bootdev disk'),
  power('chassis bootdev disk options=persistent'),
  power('chassis bootdev pxe options=persistent'),
  power('raw 0x00 0x08 0x05 0xe0 0x08 0x00 0x00 0x00'),
  power('raw 0x00 0x08 0x03 0x08'),
  power('chassis bootdev bios'),
  power('chassis bootdev safe'),
  power('chassis bootdev none'),
  power('chassis bootdev disk options=persistent'),
  power('mc info', { differs: 'ours says what it is, and that it has a chassis' }),
  power('mc guid', { differs: UNKNOWN }),
  power('mc reset cold'),
  power('chassis identify', { differs: UNKNOWN }),
  power('chassis policy list', { differs: UNKNOWN }),
  power('sdr list', { differs: UNKNOWN }),
  power('sel list', { differs: UNKNOWN }),
  power('user list 1', { differs: UNKNOWN }),
  power('lan print 1', { differs: UNKNOWN }),
  power('session info active', { differs: UNKNOWN }),
  power('-P wrong power on'),
  power('power on'),
  { line: `vbmc stop node-0 && vbmc list -f value | grep node-0`, output: 'same', effect: 'same' },
  { line: 'vbmc start node-0', output: 'same', effect: 'same' },
  {
    line: 'vbmc delete node-0; vbmc list -f value -c Status | grep -c running',
    output: 'same',
    effect: 'same',
  },
  { line: 'vbmc add node-0 --port $P0 --username ADMIN --password ADMIN --libvirt-uri $URI', output: 'same' },
  { line: 'vbmc start node-0', output: 'same' },
  power('power off'),
];
