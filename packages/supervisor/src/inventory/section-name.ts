/** What a section is about, by its name. */
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
export function sectionNameProblem(name: string): string | undefined {
  if (name === '') return 'the section has no name: write [NAME], the name of the BMC';
  if (name === '__proto__') return 'this name is reserved: choose another and set domain_name';
  if (/[\p{Cc}\uFFFD]/u.test(name)) {
    return 'the name holds control characters or is not UTF-8: choose another and set domain_name';
  }
  return undefined;
}

/** Why a BMC cannot be named so, stricter than `sectionNameProblem`: for names that do not come from a file. */
export function bmcNameProblem(name: string): string | undefined {
  const problem = sectionNameProblem(name);
  if (problem !== undefined) return problem;
  if (name !== name.trim())
    return 'the name begins or ends with white space: choose another and set domain_name';
  if (name.includes(']'))
    return 'the name holds a ], which ends a section name: choose another and set domain_name';
  switch (sectionKind(name).kind) {
    case 'defaults':
    case 'settings':
      return `[${name}] has a meaning of its own: choose another name and set domain_name`;
    case 'user':
      return `[${name}] is read as a user of a BMC: choose another name and set domain_name`;
    case 'bmc':
      return undefined;
  }
}
