/** What is wrong with the text of one key, with the remedy; `undefined` when nothing is. */
import { isIP } from 'node:net';
import type { ListenAddress } from './global-settings.ts';

/** RMCP+ carries the user name in 16 bytes, the password in 20 (v2.0§22.28, §22.30), K_g has 20 (v2.0§13.31). */
const USER_NAME_BYTES = 16;
const PASSWORD_BYTES = 20;
const KG_BYTES = 20;
const IPMI_1_5_PASSWORD_BYTES = 16;

type Problem = string | undefined;

/** What messages show of a value that cannot be used. */
export function shown(value: string): string {
  return value === '' ? 'nothing' : value;
}

/** The number, when the text is one in decimal within the limits. */
export function numberWithin(value: string, minimum: number, maximum: number): number | undefined {
  if (!/^[0-9]{1,9}$/.test(value)) return undefined;
  const number = Number(value);
  return number >= minimum && number <= maximum ? number : undefined;
}

export function addressProblem(value: string): Problem {
  if (isIP(value) !== 0) return undefined;
  return `${shown(value)} is not an IPv4 or IPv6 address: write an address of this machine, or :: for all`;
}

export function domainNameProblem(value: string): Problem {
  if (value === '') return 'the domain name is empty: write it, or leave the key out to use the section name';
  return /\p{Cc}/u.test(value) ? 'the domain name holds control characters: remove them' : undefined;
}

export function userNameProblem(value: string): Problem {
  if (value === '') return 'the user name is empty: write one, or leave the key out to use admin';
  if (value.includes('\0'))
    return 'the user name holds a NUL character, which ends a name in IPMI: remove it';
  const length = Buffer.byteLength(value, 'utf8');
  return length > USER_NAME_BYTES
    ? `the user name has ${length} bytes, IPMI carries at most ${USER_NAME_BYTES}: shorten it`
    : undefined;
}

export function passwordProblem(value: string): Problem {
  if (value === '') return 'the password is empty: write one of 1 to 20 bytes';
  if (value.includes('\0'))
    return 'the password holds a NUL character, which ends a password in IPMI: remove it';
  const length = Buffer.byteLength(value, 'utf8');
  return length > PASSWORD_BYTES
    ? `the password has ${length} bytes, IPMI 2.0 carries at most ${PASSWORD_BYTES}: shorten it`
    : undefined;
}

/** Such a user logs in by IPMI 2.0 only. */
export function ipmiV15PasswordProblem(password: string): Problem {
  const length = Buffer.byteLength(password, 'utf8');
  return length > IPMI_1_5_PASSWORD_BYTES
    ? `the password has ${length} bytes, IPMI 1.5 carries at most ${IPMI_1_5_PASSWORD_BYTES}, so this user cannot log in by it: shorten it if he is to`
    : undefined;
}

export function connectionUriProblem(value: string): Problem {
  if (/^[A-Za-z0-9_][^\s\p{Cc}]*$/u.test(value)) return undefined;
  return `${shown(value)} is not a libvirt URI: write for example qemu:///system`;
}

export function saslProblem(value: string): Problem {
  if (value === '') return 'the value is empty: write it, or leave out both libvirt_sasl keys';
  return /\p{Cc}/u.test(value)
    ? 'the value holds control characters: libvirt reads it from a line of text'
    : undefined;
}

/** K_g as 40 hex digits from text of 1 to 20 bytes or from `0x` and hex digits, filled up with zeros; or what is wrong. */
export function readKg(value: string): { readonly hex: string } | { readonly problem: string } {
  const hex = /^0x/i.test(value) ? value.slice(2) : Buffer.from(value, 'utf8').toString('hex');
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) {
    return { problem: 'what follows 0x is not an even number of hex digits: write two for each byte' };
  }
  const length = hex.length / 2;
  if (length > KG_BYTES) {
    return { problem: `the key has ${length} bytes, IPMI carries at most ${KG_BYTES}: shorten it` };
  }
  if (/^0*$/.test(hex)) {
    return { problem: 'a key of zeros, or none, means in IPMI that there is no K_g: leave the key out' };
  }
  return { hex: hex.toLowerCase().padEnd(KG_BYTES * 2, '0') };
}

/** `127.0.0.1:9623`, `[::1]:9623` */
export function readListenAddress(value: string): ListenAddress | undefined {
  const [, address = '', digits = ''] = /^\[?([^\]]*?)\]?:([0-9]+)$/.exec(value) ?? [];
  const port = numberWithin(digits, 1, 65535);
  const family = isIP(address);
  if (port === undefined || family === 0 || value.startsWith('[') !== (family === 6)) return undefined;
  return { address, port };
}
