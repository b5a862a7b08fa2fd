/**
 * As whom the command line asks libvirt. The inventory says which connections there are, and a connection can start a program:
 * root does not start what other users may have written, but asks as the user of the service, who meets the same libvirt.
 */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Of the package's sysusers.d. */
const SERVICE_USER = 'vbmc';

export interface AskingUser {
  readonly name: string;
  /** The words that make the user of a command line. */
  readonly prefix: readonly string[];
  /** The user's own variables, where they differ from those of this process. */
  readonly inherits?: NodeJS.ProcessEnv;
  /** The owner of files that virsh has to read, where it is not this process's. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Whether a connection that starts a program may be opened. */
  readonly startsPrograms: boolean;
}

/** This process's user. */
export function ownUser(): AskingUser {
  return { name: userInfo().username, prefix: [], startsPrograms: true };
}

/** This process's user, unless that is root. `passwd`: the text of /etc/passwd. */
export function askingUser(
  uid: number | undefined = process.getuid?.(),
  passwd = (): string => readFileSync('/etc/passwd', 'utf8'),
): AskingUser {
  if (uid !== 0) return ownUser();
  const fields = passwd()
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === SERVICE_USER);
  const [, , serviceUid, serviceGid, , home] = fields ?? [];
  if (serviceUid === undefined || serviceGid === undefined) return { ...ownUser(), startsPrograms: false };
  return {
    name: SERVICE_USER,
    prefix: [
      'setpriv',
      `--reuid=${serviceUid}`,
      `--regid=${serviceGid}`,
      '--init-groups',
      '--inh-caps=-all',
      '--no-new-privs',
      '--',
    ],
    inherits: { PATH: process.env['PATH'], HOME: home },
    owner: { uid: Number(serviceUid), gid: Number(serviceGid) },
    startsPrograms: true,
  };
}
