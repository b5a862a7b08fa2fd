/** From the sections of one BMC to its settings, or to what is wrong with them. */
import type { Secret } from './secret.ts';
import { cipherSuiteWarning } from './cipher-suites.ts';
import type { Diagnostic } from './diagnostic.ts';
import { placeOf, type KeyValue, type KeyValues } from './effective-keys.ts';
import { ipmiV15PasswordProblem, userNameProblem } from './field-checks.ts';
import type { GatheredBmc, GatheredUser } from './gather-sections.ts';
import { readIniSection } from './ini-values.ts';
import type { BmcSettings, InvalidEntry, InventoryEntry, UserSettings } from './inventory.ts';
import type { ScannedSection } from './scan.ts';
import { withSecretFiles, type ReadSecretFile } from './secret-files.ts';
import { checkBmc, checkUser, type BmcValues, type KeyProblem } from './section-schema.ts';

export interface CheckedBmc {
  readonly entry: InventoryEntry;
  readonly warnings: readonly Diagnostic[];
}

export function checkGatheredBmc(bmc: GatheredBmc, readFile: ReadSecretFile): CheckedBmc {
  const { section } = bmc;
  const { values, warnings: ownWarnings } = withSecretFiles(bmc.values, readFile);
  const users = bmc.users.map((user) => checkGatheredUser(user, readFile));
  const warnings = [...ownWarnings, ...users.flatMap((user) => user.warnings)];
  const errors = [...bmc.errors, ...unreadable(values), ...users.flatMap((user) => user.errors)];
  // A section that cannot be read is not checked further: its errors would be followed by their consequences.
  if (section.errors.length > 0) return { entry: invalidEntry(section, values, errors), warnings };

  const result = checkBmc(readIniSection(section.name, texts(values)));
  if (!result.ok) errors.push(...locateAll(result.problems, values, section));
  errors.push(...locateAll(wholeProblems(bmc, values), values, section));
  if (!result.ok || errors.length > 0) return { entry: invalidEntry(section, values, errors), warnings };

  warnings.push(...locateAll(weaknesses(result.values), values, section, 'warning'));
  if (result.values.ipmi_1_5) warnings.push(...users.flatMap(({ longPassword }) => longPassword));
  const furtherUsers = users.flatMap(({ settings }) => (settings === undefined ? [] : [settings]));
  const settings = toSettings(section.name, result.values, furtherUsers);
  return { entry: { valid: true, ...file(section), line: section.line, settings }, warnings };
}

/** What is allowed, and ought to be known. */
function weaknesses({ cipher_suites: suites, ipmi_1_5: ipmiV15, kg, password }: BmcValues): KeyProblem[] {
  const problems = suites.flatMap((suite) => {
    const message = cipherSuiteWarning(suite);
    return message === undefined ? [] : [{ key: 'cipher_suites', message }];
  });
  if (!ipmiV15) return problems;
  const kgToo = kg === undefined ? '' : ', and K_g is not asked for';
  const message = `IPMI 1.5 sessions are not encrypted and rest on MD5${kgToo}: better leave it out where clients know IPMI 2.0`;
  return [...problems, { key: 'ipmi_1_5', message }, ...passwordTooLongForV15(password)];
}

function passwordTooLongForV15(password: Secret | undefined): KeyProblem[] {
  const message = password && ipmiV15PasswordProblem(password.reveal());
  return message === undefined ? [] : [{ key: 'password', message }];
}

interface CheckedUser {
  readonly settings?: UserSettings;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** A warning for a BMC with IPMI 1.5. */
  readonly longPassword: readonly Diagnostic[];
}

function checkGatheredUser({ section, userName, keys }: GatheredUser, readFile: ReadSecretFile): CheckedUser {
  const { values, warnings } = withSecretFiles(keys.values, readFile);
  const errors = [...keys.errors, ...unreadable(values)];
  const nameProblem = userNameProblem(userName);
  if (nameProblem !== undefined) {
    errors.push({ severity: 'error', ...placeOf(section, section.line), message: nameProblem });
  }
  if (section.errors.length > 0) return { errors, warnings, longPassword: [] };
  const result = checkUser(readIniSection(section.name, texts(values)));
  if (!result.ok) errors.push(...locateAll(result.problems, values, section));
  if (!result.ok || errors.length > 0) return { errors, warnings, longPassword: [] };
  const tooLong = passwordTooLongForV15(result.values.password);
  const longPassword = locateAll(tooLong, values, section, 'warning');
  return { settings: { name: userName, ...result.values }, errors, warnings, longPassword };
}

/** What is wrong with keys as they stand together. */
function wholeProblems({ own, users }: GatheredBmc, values: KeyValues): KeyProblem[] {
  const problems: KeyProblem[] = [];
  if (!values.has('password')) {
    if (users.length === 0) {
      const message =
        'a BMC needs a password: add password = ... or password_file = ... here or in [DEFAULT]';
      problems.push({ key: 'password', message });
    } else if (own.has('username')) {
      const message = 'this user has no password: add password = ..., or leave the key out';
      problems.push({ key: 'username', message });
    }
  } else {
    const ownName = values.get('username')?.value ?? 'admin';
    const same = users.find(({ userName }) => userName === ownName);
    if (same !== undefined) {
      const message = `${ownName} has a section of its own in line ${same.section.line}: rename one, or leave the password out here`;
      problems.push({ key: 'username', message });
    }
  }
  const hasSaslName = values.has('libvirt_sasl_username');
  if (hasSaslName !== values.has('libvirt_sasl_password')) {
    const [present, missing] = hasSaslName
      ? ['libvirt_sasl_username', 'libvirt_sasl_password']
      : ['libvirt_sasl_password', 'libvirt_sasl_username'];
    problems.push({ key: present, message: `SASL needs both keys: add ${missing}, or remove this one` });
  }
  return problems;
}

function toSettings(name: string, values: BmcValues, furtherUsers: readonly UserSettings[]): BmcSettings {
  const { libvirt_sasl_username: saslUsername, libvirt_sasl_password: saslPassword } = values;
  const ownUser: UserSettings[] =
    values.password === undefined
      ? []
      : [{ name: values.username, password: values.password, privilege: 'administrator' }];
  return {
    name,
    domainName: values.domain_name ?? name,
    address: values.address,
    port: values.port,
    users: [...ownUser, ...furtherUsers],
    ...(values.kg !== undefined && { kg: values.kg }),
    cipherSuites: values.cipher_suites,
    ipmiV15: values.ipmi_1_5,
    privilegeLimit: values.privilege_limit,
    connectionUri: values.libvirt_uri,
    ...(saslUsername !== undefined &&
      saslPassword !== undefined && {
        saslCredentials: { username: saslUsername, password: saslPassword },
      }),
    ...(values.allow !== undefined && { allow: values.allow }),
    loginAttempts: values.login_attempts,
    lockoutSeconds: values.lockout_s,
    softShutdownMode: values.soft_shutdown_mode,
    active: values.active,
  };
}

function invalidEntry(
  section: ScannedSection,
  values: KeyValues,
  errors: readonly Diagnostic[],
): InvalidEntry {
  const value = (key: string): string | undefined => values.get(key)?.value;
  const port = value('port') ?? '623';
  return {
    valid: false,
    ...file(section),
    line: section.line,
    name: section.name,
    domainName: value('domain_name') ?? section.name,
    address: value('address') ?? '::',
    port: /^[0-9]{1,5}$/.test(port) ? Number(port) : null,
    errors,
  };
}

/** The line of the key, or that of the section header when the key is not written. */
export function locate(
  { key, message }: KeyProblem,
  values: KeyValues,
  section?: ScannedSection,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  const written = values.get(key);
  const place = written === undefined ? section && placeOf(section, section.line) : placeWritten(written);
  return { severity, ...place, key: written?.writtenAs ?? key, message };
}

/** Problems of keys whose text could not be read are consequences of that. */
export function locateAll(
  problems: readonly KeyProblem[],
  values: KeyValues,
  section?: ScannedSection,
  severity?: Diagnostic['severity'],
): Diagnostic[] {
  return problems
    .filter(({ key }) => (values.get(key)?.errors.length ?? 0) === 0)
    .map((problem) => locate(problem, values, section, severity));
}

/** The texts of the keys that could be read. */
export function texts(values: KeyValues): [string, string][] {
  return [...values].flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]]));
}

export function unreadable(values: KeyValues): Diagnostic[] {
  return [...values.values()].flatMap(({ errors }) => errors);
}

function placeWritten(written: KeyValue): Pick<KeyValue, 'file' | 'section' | 'line'> {
  return { ...file(written), section: written.section, line: written.line };
}

function file(of: { readonly file?: string }): { readonly file?: string } {
  return of.file === undefined ? {} : { file: of.file };
}
