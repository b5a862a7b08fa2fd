/** What can happen to a domain in a random walk, by whom. Pure. */

export type BootDevice = 'pxe' | 'disk' | 'cdrom';
export type Policy = 'always-off' | 'always-on' | 'previous';

export type VirshVerb =
  | 'start'
  | 'destroy'
  | 'reset'
  | 'suspend'
  | 'resume'
  | 'shutdown'
  | 'managedsave'
  /** The original definition, over whatever is there. */
  | 'define'
  /** undefine, then define: with the same UUID, and with another one. */
  | 'redefine'
  | 'replace'
  /** One snapshot for each domain: a new one takes the place of the last. */
  | 'snapshot'
  | 'revert'
  /** A further disk in the inactive definition, and one that only the running domain has. */
  | 'attach-config'
  | 'detach-config'
  | 'attach-live';
export type GuestVerb = 'reboot' | 'poweroff' | 'panic';
export type PowerVerb = 'on' | 'off' | 'cycle' | 'reset' | 'soft';

export type Operation =
  | { readonly by: 'virsh'; readonly verb: VirshVerb }
  | { readonly by: 'guest'; readonly verb: GuestVerb }
  | { readonly by: 'ipmi'; readonly verb: 'power'; readonly power: PowerVerb }
  | {
      readonly by: 'ipmi';
      readonly verb: 'bootdev';
      readonly device: BootDevice | 'none';
      readonly persistent: boolean;
    }
  | { readonly by: 'ipmi'; readonly verb: 'policy'; readonly policy: Policy }
  | { readonly by: 'ipmi'; readonly verb: 'mc reset' };

const virshVerbs: readonly VirshVerb[] = [
  ...['start', 'destroy', 'reset', 'suspend', 'resume', 'shutdown', 'managedsave'],
  ...['define', 'redefine', 'replace', 'snapshot', 'revert'],
  ...['attach-config', 'detach-config', 'attach-live'],
] as VirshVerb[];
const guestVerbs: readonly GuestVerb[] = ['reboot', 'poweroff', 'panic'];
const powerVerbs: readonly PowerVerb[] = ['on', 'off', 'cycle', 'reset', 'soft'];
const bootDevices: readonly (BootDevice | 'none')[] = ['pxe', 'disk', 'cdrom', 'none'];
const policies: readonly Policy[] = ['always-off', 'always-on', 'previous'];

const power = powerVerbs.map((verb): Operation => ({ by: 'ipmi', verb: 'power', power: verb }));
const bootdev = bootDevices.flatMap((device): Operation[] => [
  { by: 'ipmi', verb: 'bootdev', device, persistent: false },
  { by: 'ipmi', verb: 'bootdev', device, persistent: true },
]);

/** Everything that the walk draws from. What is listed twice comes twice as often. */
export const allOperations: readonly Operation[] = [
  ...virshVerbs.map((verb): Operation => ({ by: 'virsh', verb })),
  ...guestVerbs.map((verb): Operation => ({ by: 'guest', verb })),
  { by: 'guest', verb: 'reboot' },
  ...power,
  ...power,
  ...bootdev,
  ...policies.map((policy): Operation => ({ by: 'ipmi', verb: 'policy', policy })),
  { by: 'ipmi', verb: 'mc reset' },
];

export function describeOperation(operation: Operation): string {
  if (operation.by !== 'ipmi') return `${operation.by} ${operation.verb}`;
  switch (operation.verb) {
    case 'power':
      return `ipmi power ${operation.power}`;
    case 'bootdev':
      return `ipmi bootdev ${operation.device}${operation.persistent ? ' persistent' : ''}`;
    case 'policy':
      return `ipmi policy ${operation.policy}`;
    case 'mc reset':
      return 'ipmi mc reset';
  }
}
