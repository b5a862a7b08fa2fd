/** Command lines that make a connection by ssh work for a user, ready to paste. Pure. */
import { readConnectionUri } from '../inventory/connection-uri.ts';

export interface SshUser {
  readonly name: string;
  /** An absolute path. */
  readonly home: string;
  /** Whether whoever pastes the lines is this user. */
  readonly isOwn: boolean;
}

/** The key that `makeKey` makes. */
export function keyPath({ home }: SshUser): string {
  return `${home}/.ssh/id_ed25519`;
}

export function makeKey(user: SshUser): string {
  return as(user, `ssh-keygen -t ed25519 -N '' -f ${keyPath(user)}`);
}

/** What `ssh-keyscan` prints is only as true as the network, so a line that compares the fingerprint follows. */
export function learnHostKey(user: SshUser, connectionUri: string): string {
  const { host, port } = readConnectionUri(connectionUri);
  const scan = `ssh-keyscan${port === undefined ? '' : ` -p ${port}`} ${forShell(host)}`;
  return `${scan} | ${as(user, `tee -a ${user.home}/.ssh/known_hosts`)} | ssh-keygen -lf -`;
}

export function forgetHostKey(user: SshUser, connectionUri: string): string {
  const { host, port } = readConnectionUri(connectionUri);
  // As ssh writes it into known_hosts.
  const name = port === undefined || port === '22' ? host : `[${host}]:${port}`;
  return as(user, `ssh-keygen -R ${forShell(name)} -f ${user.home}/.ssh/known_hosts`);
}

export function copyKey(user: SshUser, connectionUri: string): string {
  const { host, port, user: login } = readConnectionUri(connectionUri);
  const to = `${login === undefined ? '' : `${login}@`}${host}`;
  // BatchMode=no: the package's settings keep ssh from asking for a password, and this once it has to.
  const options = `-o BatchMode=no${port === undefined ? '' : ` -p ${port}`}`;
  return as(user, `ssh-copy-id -i ${keyPath(user)}.pub ${options} ${forShell(to)}`);
}

/** What the service does, tried by hand: prints the name of the other host. */
export function tryVirsh(user: SshUser, connectionUri: string): string {
  return as(user, `virsh -c ${forShell(connectionUri)} hostname`);
}

function as({ name, isOwn }: SshUser, line: string): string {
  return isOwn ? line : `sudo -H -u ${name} ${line}`;
}

/** For people who paste it: the query of a URI has `&`. */
export function forShell(word: string): string {
  return /^[\w:/.+@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
