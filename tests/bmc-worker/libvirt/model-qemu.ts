/** The boot indexes of a QEMU process in memory, behind its monitor. */

const firstOfClass: Readonly<Record<string, RegExp>> = {
  hd: /<disk [^>]*device=['"](?:disk|lun)['"][\s\S]*?<\/disk>/,
  cdrom: /<disk [^>]*device=['"]cdrom['"][\s\S]*?<\/disk>/,
  network: /<interface [\s\S]*?<\/interface>/,
};

/** As libvirt names devices when it starts a domain: `disk0`, `interface0`, in document order. */
export function withAliases(config: string): string {
  const counts = new Map<string, number>();
  return config.replace(/<\/(disk|interface)>/g, (end, kind: string) => {
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return `<alias name='${kind}${count}'/>${end}`;
  });
}

function aliasIn(element: string | undefined): string {
  return /<alias name='([^']+)'/.exec(element ?? '')?.[1] ?? '';
}

interface Command {
  readonly execute: string;
  readonly arguments: { readonly path: string; readonly property: string; readonly value?: number };
}

export class ModelQemu {
  /** By alias. */
  readonly indexes = new Map<string, number>();
  /** All commands that changed something. */
  readonly sets: string[] = [];

  /** Started as libvirt starts it. */
  constructor(live: string) {
    for (const [element] of live.matchAll(/<(disk|interface) [\s\S]*?<\/\1>/g)) {
      const order = /<boot order=['"](\d+)['"]/.exec(element)?.[1];
      this.indexes.set(aliasIn(element), order === undefined ? -1 : Number(order));
    }
    for (const [place, [, dev = '']] of [...live.matchAll(/<boot dev=['"](\w+)['"]/g)].entries()) {
      const first = aliasIn(firstOfClass[dev]?.exec(live)?.[0]);
      if (first !== '') this.indexes.set(first, place + 1);
    }
  }

  /** What the firmware then boots from. */
  reset(): string | undefined {
    const bootable = [...this.indexes].filter(([, index]) => index >= 0);
    return bootable.sort(([, a], [, b]) => a - b)[0]?.[0];
  }

  /** What virsh prints for a script of `qemu-monitor-command`. */
  answer(script: string): string {
    const commands = [...script.matchAll(/--cmd '(\{.*?\})'(?:; |$)/g)].map(
      ([, text = '']) => JSON.parse(text) as Command,
    );
    return commands.map((command) => `${JSON.stringify(this.#reply(command))}\n\n`).join('');
  }

  #reply({ execute, arguments: { path, value = -1 } }: Command): unknown {
    const alias = path.replace('/machine/peripheral/', '');
    const present = this.indexes.get(alias);
    if (present === undefined)
      return { error: { class: 'DeviceNotFound', desc: `Device '${path}' not found` } };
    if (execute === 'qom-get') return { return: present };
    const isTaken =
      value >= 0 && [...this.indexes].some(([other, index]) => other !== alias && index === value);
    if (isTaken)
      return { error: { class: 'GenericError', desc: `The bootindex ${value} has already been used` } };
    this.indexes.set(alias, value);
    this.sets.push(`${alias}=${value}`);
    return { return: {} };
  }
}
