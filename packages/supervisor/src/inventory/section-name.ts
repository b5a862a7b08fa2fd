/** What kind of section a name stands for. */
import type { Problem } from '../text/problem.ts';
import { SETTINGS_SECTION } from './global-settings.ts';

export const DEFAULT_SECTION = 'DEFAULT';

export type SectionKind =
  | { readonly kind: 'defaults' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'bmc' }
  | { readonly kind: 'user'; readonly bmcName: string; readonly userName: string };

export function sectionKind(name: string): SectionKind {
  if (name === DEFAULT_SECTION) return { kind: 'defaults' };
  if (name === SETTINGS_SECTION) return { kind: 'settings' };
  const [, bmcName, userName] = /^(.*?\S)\s+user\s+(\S.*)$/s.exec(name) ?? [];
  return bmcName === undefined || userName === undefined
    ? { kind: 'bmc' }
    : { kind: 'user', bmcName, userName };
}

/** Why `name` cannot be the name of a section; `undefined` when it can. */
export function sectionNameProblem(name: string): Problem | undefined {
  if (name === '') {
    return { message: 'the section has no name', remedy: 'write [NAME], the name of the BMC' };
  }
  const message = unreadable(name);
  return message === undefined ? undefined : { message, remedy: chooseAnother('set domain_name') };
}

/**
 * Why a new BMC cannot have this name. Stricter than `sectionNameProblem`: a name that does not come from a file must
 * read as the same name once it is written. `nameDomain` says how the operator names the domain then.
 */
export function bmcNameProblem(name: string, nameDomain = 'set domain_name'): Problem | undefined {
  if (name === '') return sectionNameProblem(name);
  const message = unreadable(name) ?? misread(name);
  return message === undefined ? undefined : { message, remedy: chooseAnother(nameDomain) };
}

/** Why the BMC of a file of VirtualBMC cannot be known by the name of its directory, which no section has to hold. */
export function virtualBmcNameProblem(name: string): Problem | undefined {
  const message = unreadable(name) ?? reserved(name);
  return message === undefined ? undefined : { message, remedy: 'rename its directory, and set domain_name' };
}

function unreadable(name: string): string | undefined {
  if (name === '__proto__') return 'this name is reserved';
  return /[\p{Cc}\uFFFD]/u.test(name) ? 'the name holds control characters or is not UTF-8' : undefined;
}

function misread(name: string): string | undefined {
  if (name !== name.trim()) return 'the name begins or ends with white space';
  if (name.includes(']')) return 'the name holds a ], which ends a section name';
  return sectionKind(name).kind === 'user' ? `[${name}] is read as a user of a BMC` : reserved(name);
}

function reserved(name: string): string | undefined {
  const { kind } = sectionKind(name);
  const isReserved = kind === 'defaults' || kind === 'settings';
  return isReserved ? `[${name}] is reserved for a section that is not a BMC` : undefined;
}

function chooseAnother(nameDomain: string): string {
  return `choose another name and ${nameDomain}`;
}
