/**
 * Which connections a file of VirtualBMC may ask for that neither root nor vbmcd's user has written. libvirt has many URIs that start a
 * program, load a driver into the process that asks, or read and write files there, and each release may add one. So only the forms
 * that automation uses are allowed (libvirt.org/uri.html). Pure.
 */
import type { Problem } from '../text/problem.ts';
import { programProblem } from './programs-in-uri.ts';

const USER = '(?:[A-Za-z0-9_][\\w.-]*@)?';
const HOST = '(?:[A-Za-z0-9_][\\w.-]*|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?';

/** Of this host, and of another one; with TLS when no transport is named. */
const local = /^(qemu|test)(?:\+(unix))?:\/\/(\/[a-z]+)(?:\?(.*))?$/;
const remote = new RegExp(
  `^(qemu|test)(?:\\+(ssh|libssh2?|tls|tcp))?://${USER}${HOST}(/[a-z]+)(?:\\?(.*))?$`,
);
const hypervisor = /^(?:qemu\/system|qemu\/session|test\/default)$/;

const flag = /^[01]$/;
/** Without what ssh replaces in a path (`%`, `$`), and what means something to a shell of the other host. */
const plainPath = /^\/[\w./@+-]*$/;
const mode = /^(?:auto|direct|legacy)$/;

const bySsh: readonly (readonly [name: string, value: RegExp])[] = [
  ['keyfile', plainPath],
  ['mode', mode],
  ['proxy', /^(?:auto|netcat|native)$/],
  // On the other host, and with the rights of the user there.
  ['socket', plainPath],
];
const byLibrary = [
  ...bySsh,
  ['known_hosts_verify', /^(?:normal|auto|ignore)$/],
  ['sshauth', /^[a-z,-]+$/],
] as const;

/** The parameters of each transport, with their values. */
const parameters: Readonly<Record<string, ReadonlyMap<string, RegExp>>> = {
  unix: new Map([['mode', mode]]),
  ssh: new Map([...bySsh, ['no_tty', flag], ['no_verify', flag]]),
  libssh: new Map(byLibrary),
  libssh2: new Map(byLibrary),
  tls: new Map([['no_verify', flag]]),
  tcp: new Map(),
};

const FORMS =
  'qemu:///system, qemu:///session and qemu+ssh://USER@HOST/system (or +libssh, +libssh2, +tls, +tcp) are';

/** Why another user's file must not ask for this connection. No message holds the URI. */
export function foreignUriProblem(uri: string): Problem | undefined {
  const [, driver = '', transport, directory = '', query = ''] = local.exec(uri) ?? remote.exec(uri) ?? [];
  if (!hypervisor.test(driver + directory)) {
    return programProblem(uri) ?? { message: `only ${FORMS} allowed in a file of another user` };
  }
  const allowed = parameters[transport ?? (local.test(uri) ? 'unix' : 'tls')] ?? new Map<string, RegExp>();
  for (const parameter of query.split('&')) {
    const [name = '', ...values] = parameter.split('=');
    if (parameter === '' || allowed.get(name)?.test(values.join('=')) === true) continue;
    const names = [...allowed.keys()].join(', ');
    const which = names === '' ? 'no parameter is' : `only ${names}, with their usual values, are`;
    return programProblem(uri) ?? { message: `${which} allowed here in a file of another user` };
  }
  return undefined;
}
