/** An error of the operating system in words: what could not be done to which file, why, and the remedy. Pure. */
import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import { isSystemError } from './error-code.ts';

type Reason = readonly [reason: string, remedy: string];

const noRight: Reason = [
  'this user may not do that',
  'give the right to this user, or run it as root (who needs it too in a container without capabilities)',
];
const shortage: Reason = [
  'the machine or this user has no more of them',
  'end other programs, and try again',
];

/** By Node's name of the error. */
const reasons: Readonly<Record<string, Reason>> = {
  ENOENT: ['there is no such file or directory', 'correct the path, or create it'],
  ENOTDIR: ['a part of the path is a file, and no directory', 'correct the path'],
  EISDIR: ['it is a directory', 'name a file'],
  ENXIO: ['nothing is behind it that could be read or written', 'name a file'],
  ELOOP: [
    'its symbolic links lead in a circle, or one is not followed here',
    'remove the link, or correct it',
  ],
  ENAMETOOLONG: ['the path is too long', 'choose a shorter one'],
  EACCES: noRight,
  EPERM: noRight,
  EROFS: ['its file system is read-only', 'mount it read-write, or choose another place'],
  ENOSPC: ['the disk is full', 'free some space on it'],
  EDQUOT: ['the quota of this user is used up', 'free some space, or raise the quota'],
  EFBIG: ['the file would be longer than this user may have', 'raise the limit (ulimit -f)'],
  EIO: ['the disk reports an error', 'check the disk and its mount'],
  ESTALE: ['its file server does not know it any more', 'check its mount'],
  EBUSY: ['another program uses it', 'end that program, or try again'],
  EMFILE: shortage,
  ENFILE: shortage,
  ENOMEM: ['there is not enough memory', 'end other programs, and try again'],
  EAGAIN: ['it has nothing to read at the moment', 'try again'],
  EADDRINUSE: ['another program has this address and port', 'end that program, or choose another'],
  EADDRNOTAVAIL: ['it is no address of this machine', 'correct the address, or add it to an interface'],
};

/** What Node was about to do with the file. */
const attempts: Readonly<Record<string, string>> = {
  scandir: 'list',
  opendir: 'list',
  stat: 'find',
  lstat: 'find',
  realpath: 'find',
  read: 'read',
  write: 'write',
  fsync: 'write',
  ftruncate: 'write',
  mkdir: 'create',
  mkdtemp: 'create a directory at',
  rename: 'replace',
  unlink: 'remove',
  rm: 'remove',
  chmod: 'change the mode of',
  fchmod: 'change the mode of',
  chown: 'change the owner of',
  fchown: 'change the owner of',
  listen: 'listen on',
};

/** `undefined`: it is no error of the operating system. */
export function systemProblem(error: unknown): Problem | undefined {
  if (!isSystemError(error)) return undefined;
  const { code = '', syscall = '', path, dest } = error;
  const [reason, remedy] = reasons[code] ?? [error.message, undefined];
  const file = dest ?? path;
  const attempt = attempts[syscall] ?? 'open';
  const message = file === undefined ? reason : `cannot ${attempt} ${file}: ${reason}`;
  return { message, ...defined({ remedy }) };
}
