import { readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';

/** The home directory of a user of this machine, as ssh looks it up; undefined if there is no such user. */
export function homeOf(
  userName: string,
  passwd = (): string => readFileSync('/etc/passwd', 'utf8'),
): string | undefined {
  if (userName === userInfo().username) return homedir();
  const fields = passwd()
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === userName);
  return fields?.[5];
}
