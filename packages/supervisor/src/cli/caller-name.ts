import { userInfo } from 'node:os';

/** Who has called: with sudo, the user behind root. */
export function callerName(): string {
  const behind = process.env['SUDO_USER'];
  try {
    const { username } = userInfo();
    return behind === undefined || behind === username ? username : `${behind} as ${username}`;
  } catch {
    // A user id without a name.
    return `user id ${process.getuid?.() ?? '?'}`;
  }
}
