/**
 * libvirt's client authentication file (https://libvirt.org/auth.html). libvirt takes a value literally up to the end
 * of the line, so nothing is quoted, and allows no white space around `=`.
 */
import type { SaslCredentials } from '../inventory/inventory.ts';

/** The file's text, with the password in the clear. */
export function renderAuthConf(connectionUri: string, credentials: SaslCredentials): string {
  const host = hostOf(connectionUri);
  // libvirt looks for the host's group first and falls back to `default`, which also serves URI aliases.
  // A group may occur once only, and its name must be ASCII.
  const hosts = new Set(/^[!-~]+$/.test(host) ? [host, 'default'] : ['default']);
  return [
    '[credentials-bmc]',
    `authname=${credentials.username}`,
    `password=${credentials.password.reveal()}`,
    ...[...hosts].flatMap((name) => ['', `[auth-libvirt-${name}]`, 'credentials=bmc']),
    '',
  ].join('\n');
}

function hostOf(connectionUri: string): string {
  const authority = /^[^:/?#]+:\/\/([^/?#]*)/.exec(connectionUri)?.[1] ?? '';
  const host = authority.replace(/^.*@/, '').replace(/:[0-9]*$/, '');
  return host.replace(/^\[(.*)\]$/, '$1');
}
