/**
 * What in a connection URI starts or picks a program: libvirt's client starts it with the rights of the process that asks
 * libvirt. An inventory, or a file that is imported, decides with it what vbmcd executes. Pure.
 */
import type { Problem } from '../text/problem.ts';
import { decoded, readConnectionUri } from './connection-uri.ts';

/** Parameters of libvirt's remote driver (libvirt.org/uri.html). It ignores their case. */
const pickedBy: ReadonlyMap<string, string> = new Map([
  ['command', 'names a program that libvirt starts with the rights of vbmcd'],
  ['netcat', 'names a program that libvirt starts on the other host'],
  ['socket', "names a socket that is asked in libvirt's place"],
  [
    'root',
    'names the directory of a hypervisor driver that runs within vbmcd and starts the programs named there',
  ],
]);

/** libvirt decodes it before it compares. */
const embedded = /^[^:]*:(?:\/\/[^/?#]*)?\/+embed\/*(?:[?#]|$)/i;

const REMEDY = 'remove it, unless you have written it yourself and mean it';

/** Why the URI is more than the address of a libvirt; `undefined` when it is no more. */
export function programProblem(uri: string): Problem | undefined {
  const [, transport = ''] = /^[^:]*\+([^:]*):/.exec(uri) ?? [];
  if (transport.toLowerCase() === 'ext') {
    return {
      message: `the transport +${transport} starts a program instead of talking to libvirt`,
      remedy: REMEDY,
    };
  }
  // ssh would read it as an option, which can name a program.
  if (/^[^:]*:\/\/(?:[^/?#]*@)?(?:-|%2d)/i.test(uri)) {
    return { message: 'the name of the host begins with -, as an option of ssh does', remedy: REMEDY };
  }
  if (embedded.test(decoded(uri))) {
    const message = 'the path /embed starts a hypervisor driver within vbmcd instead of talking to libvirt';
    return { message, remedy: REMEDY };
  }
  for (const [name, value] of readConnectionUri(uri).parameters) {
    const picks = pickedBy.get(name);
    if (picks !== undefined) return { message: `the parameter ${name} ${picks}`, remedy: REMEDY };
    // The URI that the other side opens.
    const inner = name === 'name' ? programProblem(value) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
