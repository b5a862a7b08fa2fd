/** Command lines of scripts that were written for VirtualBMC, in the order in which they run; each leaves something for the next. */
import { powerLines } from './power-lines.ts';

export interface DropinLine {
  /** For `sh`. `$URI` has the domains node-0 to node-3; `$P0` to `$P3` are free ports. */
  readonly line: string;
  /** Standard output has to be the same too. */
  readonly output?: 'same';
  /** The domain node-0 has to be the same afterwards. */
  readonly effect?: 'same';
  /** Both have to say these words. */
  readonly words?: string;
  /** Why ours is another; such a line must differ. */
  readonly differs?: string;
}

const NO_SUCH = 'No domain with matching name';
const QUOTES =
  'YAML has quotes around an address that begins with a colon, always; every parser reads the same';

export const dropinLines: readonly DropinLine[] = [
  { line: 'vbmc list', output: 'same' },
  { line: 'vbmc list -f json', output: 'same' },
  { line: 'vbmc list --print-empty', output: 'same' },
  { line: 'vbmc add node-0 --port $P0 --username ADMIN --password ADMIN --libvirt-uri $URI', output: 'same' },
  {
    line: 'vbmc add node-2 --port $P2 --address ::ffff:127.0.0.1 --password p --libvirt-uri $URI',
    output: 'same',
  },
  {
    line: 'vbmc add node-1 --port $P1 --libvirt-uri $URI',
    output: 'same',
    differs: 'a password is made and printed, because there is no default password',
  },
  { line: 'vbmc add node-0 --port $P0 --password p --libvirt-uri $URI' },
  { line: 'vbmc start node-0', output: 'same' },
  { line: 'vbmc list', output: 'same' },
  { line: 'vbmc list -f json', output: 'same' },
  { line: "vbmc list -f json -c 'Domain name' -c Port", output: 'same' },
  { line: 'vbmc list -f json --noindent', output: 'same' },
  { line: "vbmc list -f value -c 'Domain name' -c Status | grep down", output: 'same' },
  { line: "vbmc --no-daemon list -c 'Domain name' -f value", output: 'same' },
  { line: 'vbmc list -f csv', output: 'same' },
  { line: 'vbmc list -f yaml', output: 'same', differs: QUOTES },
  { line: 'vbmc list -f yaml -c Status', output: 'same' },
  { line: 'vbmc list --sort-column Port --sort-descending -f value', output: 'same' },
  { line: 'vbmc list --max-width 40', output: 'same' },
  { line: 'vbmc list --fit-width', output: 'same' },
  { line: "vbmc list | awk '/node-0/ {print $4,$8}'", output: 'same' },
  { line: "vbmc list | awk 'NR>3{print $2}'", output: 'same' },
  { line: "vbmc list | grep -v '+-\\|Address'", output: 'same' },
  { line: "vbmc list | awk '/node-1/ {print $6}'", output: 'same' },
  { line: "vbmc list | grep -q 'node-0.*running'", output: 'same' },
  { line: 'vbmc show node-0', output: 'same' },
  { line: 'vbmc show -q node-0', output: 'same' },
  { line: 'vbmc show -f value node-0 | grep status', output: 'same' },
  { line: "vbmc show node-0 | cut -f3 -d'|'", output: 'same' },
  { line: 'vbmc show node-0 -f json', output: 'same' },
  { line: 'vbmc show nothing -f json', output: 'same', words: NO_SUCH },
  { line: 'vbmc -q list', output: 'same' },
  { line: 'vbmc -v list', output: 'same' },
  { line: 'vbmc --verbose list', output: 'same' },
  { line: 'vbmc --debug list', output: 'same' },
  { line: 'vbmc --log-file log list && test -e log', output: 'same' },
  { line: 'vbmc --no-daemon --log-file log stop nothing', output: 'same', words: NO_SUCH },
  { line: 'vbmc --no-daemon --log-file log delete nothing', output: 'same', words: NO_SUCH },
  { line: 'vbmc start nothing', output: 'same', words: NO_SUCH },
  { line: "vbmc --no-daemon start $(vbmc --no-daemon list -c 'Domain name' -f value)", output: 'same' },
  ...powerLines,
  { line: 'vbmc stop node-1', output: 'same' },
  { line: 'vbmc stop node-1', output: 'same' },
  { line: 'vbmc list -f value', output: 'same' },
  { line: 'vbmc delete node-2', output: 'same' },
  { line: "vbmc list -f value -c 'Domain name'", output: 'same' },
  { line: 'vbmc -h' },
  { line: 'vbmc help' },
  { line: 'vbmc help list' },
  { line: 'vbmc list --help' },
  { line: 'vbmc help nothing' },
  { line: 'vbmc --version' },
  { line: 'vbmc complete' },
  { line: 'vbmc nothing' },
  { line: 'vbmc list --nothing' },
  { line: 'vbmc list -f xml' },
  { line: 'vbmc list -c Nothing', words: "No recognized column names in ['Nothing']" },
  { line: 'vbmc show' },
  {
    line: 'echo list | vbmc',
    differs: 'there is no prompt: vbmc without a verb prints its help, and the exit code is 2',
  },
  { line: 'vbmc list --form json', output: 'same' },
  { line: 'vbmc list --sort-col Port --sort-desc --form value', output: 'same' },
  { line: 'vbmc list --sort json' },
  { line: 'vbmc show node-0 --form=json --var x' },
  {
    line: 'vbmc add node-2 --port $P2 --libvirt-uri $URI --libvirt-sasl-username x',
    differs: 'half of SASL is a wrong command line (2), and not a failure (1)',
  },
  {
    line: 'test -e ~/.vbmc/node-0/config',
    differs: 'without virtualbmc_dir the inventory is one file; with it, vbmc add writes that file',
  },
  { line: 'vbmc add node-3 --port $P3 --address localhost --password p --libvirt-uri $URI', output: 'same' },
  { line: 'vbmc start node-3', output: 'same' },
  { line: 'vbmc list -f value', output: 'same' },
  { line: 'vbmc add nobody --port 7 --password p --libvirt-uri $URI', output: 'same', words: NO_SUCH },
  { line: 'vbmcd' },
  { line: 'vbmcd --version' },
  { line: 'vbmcd --foreground' },
  { line: 'vbmcd --nothing' },
  { line: 'vbmc delete node-0 node-1', output: 'same', effect: 'same' },
  { line: 'vbmc list -f value | grep node-0', output: 'same' },
];
