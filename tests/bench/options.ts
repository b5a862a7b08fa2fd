import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly scenarios: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
  /** The directory of a VirtualBMC checkout. */
  readonly virtualBmcCheckout?: string;
  readonly ipmiSim: boolean;
  /** What our BMCs listen on; 127.0.0.1 if absent. */
  readonly address?: string;
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'error'; readonly message: string };

/** `known`: the names of all scenarios, in the order in which they run. */
export function parseOptions(args: readonly string[], known: readonly string[]): ParsedOptions {
  const values = parsed(args);
  if (typeof values === 'string') return { kind: 'error', message: values };
  if (values.help === true) return { kind: 'help' };
  const wanted = (values.only ?? []).flatMap((list) => list.split(',')).filter((name) => name !== '');
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return { kind: 'error', message: `there is no scenario ${unknown}; there are ${known.join(', ')}` };
  }
  const checkouts = (values.against ?? []).filter((peer) => peer !== 'ipmi_sim');
  if (checkouts.length > 1) return { kind: 'error', message: 'one checkout of VirtualBMC at a time' };
  const [virtualBmcCheckout] = checkouts;
  return {
    kind: 'run',
    options: {
      scenarios: wanted.length === 0 ? known : known.filter((name) => wanted.includes(name)),
      quick: values.quick ?? false,
      json: values.json ?? false,
      ipmiSim: values.against?.includes('ipmi_sim') ?? false,
      ...(values.address !== undefined && { address: values.address }),
      ...(virtualBmcCheckout !== undefined && { virtualBmcCheckout }),
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        against: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        address: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function usage(scenarios: readonly { readonly name: string; readonly about: string }[]): string {
  return `Usage: npm run bench -- [--only NAME,…] [--against PEER]… [--address ADDRESS] [--quick] [--json]

Measures vbmc on a private libvirt, and peers under the same load in the same run. Prints a table of figures.
docs/performance.md tells what each means.

  --only NAME,…    these scenarios only (default: all)
  --against DIR    also a checkout of VirtualBMC; needs Debian's python3-libvirt, python3-zmq, python3-cliff,
                   python3-pbr and python3-pyghmi
  --against ipmi_sim
                   also OpenIPMI's simulator; needs Debian's openipmi
  --address ADDRESS
                   what our BMCs listen on (default: 127.0.0.1): '::' has a socket for each address of the host
  --quick          small sizes: whether it works, not how fast
  --json           the figures as JSON
  --help           print this

Scenarios:
${scenarios.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

Exit code: 0; 1 if an answer was wrong or missing or a scenario failed; 2 for a wrong command line or a
missing peer. Slow is no failure.
`;
}
