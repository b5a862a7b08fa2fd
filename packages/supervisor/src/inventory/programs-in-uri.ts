/**
 * What in a connection URI starts or picks a program: libvirt's client starts it with the rights of the process that asks
 * libvirt. An inventory, or a file that is imported, decides with it what vbmcd executes. Pure.
 */
import type { Problem } from '../text/problem.ts';

/** Parameters of libvirt's remote driver (libvirt.org/uri.html). It ignores their case. */
const pickedBy: ReadonlyMap<string, string> = new Map([
  ['command', 'names a program that libvirt starts with the rights of vbmcd'],
  ['netcat', 'names a program that libvirt starts on the other host'],
  ['socket', "names a socket that is asked in libvirt's place"],
]);

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
  for (const [name, value] of parametersOf(uri)) {
    const picks = pickedBy.get(name.toLowerCase());
    if (picks !== undefined)
      return { message: `the parameter ${name.toLowerCase()} ${picks}`, remedy: REMEDY };
    // The URI that the other side opens.
    const inner = name.toLowerCase() === 'name' ? programProblem(value) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** As libvirt reads them: `&` or `;` between parameters, names and values percent-encoded. */
function parametersOf(uri: string): readonly (readonly [name: string, value: string])[] {
  const [, query = ''] = /\?([^#]*)/.exec(uri) ?? [];
  return query.split(/[&;]/).map((parameter) => {
    const [name = '', ...values] = parameter.split('=');
    return [decoded(name), decoded(values.join('='))];
  });
}

/** Byte by byte, so that no sequence is too broken to be read. */
function decoded(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
