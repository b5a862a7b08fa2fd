/** Checks the text of one key; `undefined` when nothing is wrong with it. */
import { isIP } from 'node:net';
import { isHostName } from '../text/host-name.ts';
import type { Problem } from '../text/problem.ts';
import type { ListenAddress } from './global-settings.ts';

/** RMCP+ carries the user name in 16 bytes, the password in 20 (v2.0§22.28, §22.30), K_g has 20 (v2.0§13.31). */
const USER_NAME_BYTES = 16;
const PASSWORD_BYTES = 20;
const KG_BYTES = 20;
const IPMI_1_5_PASSWORD_BYTES = 16;

/** How a message shows a value that cannot be used. */
export function shown(value: string): string {
  return value === '' ? 'nothing' : value;
}

/** The number, when the text is a decimal number within the limits. */
export function numberWithin(value: string, minimum: number, maximum: number): number | undefined {
  if (!/^[0-9]{1,9}$/.test(value)) return undefined;
  const number = Number(value);
  return number >= minimum && number <= maximum ? number : undefined;
}

export function addressProblem(value: string): Problem | undefined {
  if (isIP(value) !== 0 || isHostName(value)) return undefined;
  return {
    message: `${shown(value)} is not an IPv4 or IPv6 address, nor a host name`,
    remedy: 'write an address of this machine, a name for one, or :: for all',
  };
}

export function domainNameProblem(value: string): Problem | undefined {
  if (value === '') {
    const remedy = 'write it, or remove the key to use the section name';
    return { message: 'the domain name is empty', remedy };
  }
  if (!/\p{Cc}/u.test(value)) return undefined;
  return { message: 'the domain name holds control characters', remedy: 'remove them' };
}

export function userNameProblem(value: string): Problem | undefined {
  if (value === '') {
    return { message: 'the user name is empty', remedy: 'write one, or remove the key to use admin' };
  }
  if (value.includes('\0')) {
    const message = 'the user name holds a NUL character, which ends a name in IPMI';
    return { message, remedy: 'remove it' };
  }
  const length = Buffer.byteLength(value, 'utf8');
  if (length <= USER_NAME_BYTES) return undefined;
  const message = `the user name has ${length} bytes, but IPMI carries at most ${USER_NAME_BYTES}`;
  return { message, remedy: 'shorten it' };
}

/** DCMI 1.5 section 6.4.2 and the type/length byte of a FRU field carry no more. */
const ASSET_TAG_CHARACTERS = 63;

export function assetTagProblem(value: string): Problem | undefined {
  if (value === '') return { message: 'the asset tag is empty', remedy: 'write one, or remove the key' };
  if (/^[ -~]*$/.test(value) && value.length <= ASSET_TAG_CHARACTERS) return undefined;
  const message = `an asset tag has at most ${ASSET_TAG_CHARACTERS} letters, digits and signs of ASCII`;
  return { message, remedy: 'shorten it, and write it without accents' };
}

export function passwordProblem(value: string): Problem | undefined {
  if (value === '') return { message: 'the password is empty', remedy: 'write one of 1 to 20 bytes' };
  if (value.includes('\0')) {
    const message = 'the password holds a NUL character, which ends a password in IPMI';
    return { message, remedy: 'remove it' };
  }
  const length = Buffer.byteLength(value, 'utf8');
  if (length <= PASSWORD_BYTES) return undefined;
  const message = `the password has ${length} bytes, but IPMI 2.0 carries at most ${PASSWORD_BYTES}`;
  return { message, remedy: 'shorten it' };
}

/** A user with such a password can log in over IPMI 2.0 only. */
export function ipmiV15PasswordProblem(password: string): Problem | undefined {
  const length = Buffer.byteLength(password, 'utf8');
  if (length <= IPMI_1_5_PASSWORD_BYTES) return undefined;
  return {
    message: `the password has ${length} bytes, but IPMI 1.5 carries at most ${IPMI_1_5_PASSWORD_BYTES}, so this user cannot log in over IPMI 1.5`,
    remedy: 'shorten it if they need to',
  };
}

export function connectionUriProblem(value: string): Problem | undefined {
  if (/^[A-Za-z0-9_][^\s\p{Cc}]*$/u.test(value)) return undefined;
  return { message: `${shown(value)} is not a libvirt URI`, remedy: 'write for example qemu:///system' };
}

export function saslProblem(value: string): Problem | undefined {
  if (value === '') {
    return { message: 'the value is empty', remedy: 'write it, or remove both libvirt_sasl keys' };
  }
  if (!/\p{Cc}/u.test(value)) return undefined;
  const message = 'the value holds control characters, but libvirt reads it from a line of text';
  return { message, remedy: 'remove them' };
}

/** K_g as 40 hex digits, from text of 1 to 20 bytes or from `0x` and hex digits, padded with zeros at the end. */
export function readKg(value: string): { readonly hex: string } | { readonly problem: Problem } {
  const hex = /^0x/i.test(value) ? value.slice(2) : Buffer.from(value, 'utf8').toString('hex');
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) {
    const message = 'what follows 0x is not an even number of hex digits';
    return { problem: { message, remedy: 'write two digits for each byte' } };
  }
  const length = hex.length / 2;
  if (length > KG_BYTES) {
    const message = `the key has ${length} bytes, but IPMI carries at most ${KG_BYTES}`;
    return { problem: { message, remedy: 'shorten it' } };
  }
  if (/^0*$/.test(hex)) {
    const message = 'an empty key, or one of zeros only, means in IPMI that there is no K_g';
    return { problem: { message, remedy: 'write another key, or remove this one' } };
  }
  return { hex: hex.toLowerCase().padEnd(KG_BYTES * 2, '0') };
}

/** A relative path begins at the inventory. */
export function directoryProblem(value: string): Problem | undefined {
  if (value === '' || /\p{Cc}/u.test(value)) {
    return { message: `${shown(value)} is not a directory`, remedy: 'write its path, or remove the key' };
  }
  if (!value.startsWith('~')) return undefined;
  return { message: 'a path that begins with ~ is not expanded', remedy: 'write the whole path' };
}

/** `127.0.0.1:9623`, `[::1]:9623` */
export function readListenAddress(value: string): ListenAddress | undefined {
  const [, address = '', digits = ''] = /^\[?([^\]]*?)\]?:([0-9]+)$/.exec(value) ?? [];
  const port = numberWithin(digits, 1, 65535);
  const family = isIP(address);
  if (port === undefined || family === 0 || value.startsWith('[') !== (family === 6)) return undefined;
  return { address, port };
}
