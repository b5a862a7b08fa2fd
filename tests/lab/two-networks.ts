/** A host with addresses in two networks, and a client in both: network namespaces, joined by two cables. Needs root. */
import { labUser } from './lab-user.ts';
import { runCommand, type CommandResult } from './run-command.ts';

export interface TwoNetworks {
  /** The words before a command line that runs it on the host as the lab user. */
  readonly onHost: readonly string[];
  /** The arguments of `ip` before a command line that runs it on the client. */
  readonly onClient: readonly string[];
  /** Lets programs on the host bind IPv4 addresses that it does not have. */
  allowForeignBinds(): Promise<void>;
  /** `add`s an address to one of the host's interfaces, or `del`etes it. */
  address(verb: 'add' | 'del', address: string, network: 0 | 1): Promise<void>;
  remove(): Promise<void>;
}

/** `addresses` of the host and of the client with the length of their prefixes, for each of the two networks. */
export async function makeTwoNetworks(
  host: readonly [readonly string[], readonly string[]],
  client: readonly [readonly string[], readonly string[]],
): Promise<TwoNetworks> {
  const [hostNamespace, clientNamespace] = [`vbmc-h${process.pid}`, `vbmc-c${process.pid}`];
  const on = (namespace: string): readonly string[] => ['netns', 'exec', namespace];
  const networks = {
    onHost: [
      'ip',
      ...on(hostNamespace),
      ...['setpriv', `--reuid=${labUser.uid ?? 0}`, `--regid=${labUser.gid ?? 0}`, '--clear-groups', '--'],
    ],
    onClient: on(clientNamespace),
    address: async (verb: 'add' | 'del', address: string, network: number): Promise<void> => {
      await change(hostNamespace, verb, address, `host${network}`);
    },
    allowForeignBinds: async (): Promise<void> => {
      await ip('netns', 'exec', hostNamespace, 'sysctl', '-qw', 'net.ipv4.ip_nonlocal_bind=1');
    },
    remove: async (): Promise<void> => {
      await ip('netns', 'del', clientNamespace);
      await ip('netns', 'del', hostNamespace);
    },
  };
  await ip('netns', 'add', hostNamespace);
  await ip('netns', 'add', clientNamespace);
  for (const namespace of [hostNamespace, clientNamespace]) {
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  }
  for (const network of [0, 1] as const) {
    const [ours, theirs] = [`host${network}`, `client${network}`];
    const cable = ['link', 'add', ours, 'netns', hostNamespace, 'type', 'veth', 'peer', 'name', theirs];
    await ip(...cable, 'netns', clientNamespace);
    for (const one of host[network]) await change(hostNamespace, 'add', one, ours);
    for (const one of client[network]) await change(clientNamespace, 'add', one, theirs);
    await ip('-n', hostNamespace, 'link', 'set', ours, 'up');
    await ip('-n', clientNamespace, 'link', 'set', theirs, 'up');
  }
  return networks;
}

async function change(namespace: string, verb: 'add' | 'del', address: string, name: string): Promise<void> {
  // Without the check for duplicates, which takes a second or two.
  const flags = verb === 'add' && address.includes(':') ? ['nodad'] : [];
  await ip('-n', namespace, 'address', verb, address, 'dev', name, ...flags);
}

async function ip(...args: readonly string[]): Promise<CommandResult> {
  const result = await runCommand('ip', args, {});
  if (result.exitCode !== 0) throw new Error(`ip ${args.join(' ')}: ${result.stderr.trim()}`);
  return result;
}
