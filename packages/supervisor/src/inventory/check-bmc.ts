/** From the sections of one BMC to its settings, or to its errors. */
import { defined } from '../text/records.ts';
import { cipherSuiteWarning } from './cipher-suites.ts';
import type { Diagnostic, KeyProblem } from './diagnostic.ts';
import { locateAll, placeOf, texts, unreadable, type KeyValues } from './effective-keys.ts';
import { ipmiV15PasswordProblem, userNameProblem } from './field-checks.ts';
import type { GatheredBmc, GatheredUser } from './gather-sections.ts';
import { hiddenFileProblem } from './hidden-files.ts';
import { readIniSection } from './ini-values.ts';
import type { BmcSettings, InvalidEntry, InventoryEntry, UserSettings } from './inventory.ts';
import { programProblem } from './programs-in-uri.ts';
import type { ScannedSection } from './scan.ts';
import type { Secret } from './secret.ts';
import { withSecretFiles, type ReadSecretFile } from './secret-files.ts';
import { checkBmc, checkUser, type BmcValues } from './section-schema.ts';

export interface CheckedBmc {
  readonly entry: InventoryEntry;
  readonly warnings: readonly Diagnostic[];
  /** Whether its password is VirtualBMC's default, because the inventory has none for it. */
  readonly hasDefaultPassword: boolean;
}

export interface BmcCheck {
  readonly readFile: ReadSecretFile;
  /** `virtualbmc_defaults` */
  readonly virtualBmcDefaults: boolean;
}

/** Everybody who knows VirtualBMC knows it. */
const VIRTUALBMC_PASSWORD = 'password';

export function checkGatheredBmc(bmc: GatheredBmc, { readFile, virtualBmcDefaults }: BmcCheck): CheckedBmc {
  const { values: written, warnings } = withSecretFiles(bmc.values, readFile);
  const hasDefaultPassword = virtualBmcDefaults && !written.has('password') && bmc.users.length === 0;
  const values = hasDefaultPassword ? withDefaultPassword(bmc.section, written) : written;
  return { ...checkValues(bmc, values, warnings, readFile), hasDefaultPassword };
}

function withDefaultPassword(section: ScannedSection, written: KeyValues): KeyValues {
  const place = placeOf(section, section.line);
  return new Map([...written, ['password', { ...place, value: VIRTUALBMC_PASSWORD, errors: [] }]]);
}

function checkValues(
  bmc: GatheredBmc,
  values: KeyValues,
  ownWarnings: readonly Diagnostic[],
  readFile: ReadSecretFile,
): Omit<CheckedBmc, 'hasDefaultPassword'> {
  const { section } = bmc;
  const users = bmc.users.map((user) => checkGatheredUser(user, readFile));
  const warnings = [...ownWarnings, ...users.flatMap((user) => user.warnings)];
  const errors = [...bmc.errors, ...unreadable(values), ...users.flatMap((user) => user.errors)];
  // A section that cannot be read is not checked further: more errors would only follow from the first ones.
  if (section.errors.length > 0) return { entry: invalidEntry(section, values, errors), warnings };

  const result = checkBmc(readIniSection(section.name, texts(values)));
  if (!result.ok) errors.push(...locateAll(result.problems, values, section));
  errors.push(...locateAll(wholeProblems(bmc, values), values, section));
  if (!result.ok || errors.length > 0) return { entry: invalidEntry(section, values, errors), warnings };

  warnings.push(...locateAll(weaknesses(result.values), values, section, 'warning'));
  if (result.values.ipmi_1_5) warnings.push(...users.flatMap(({ longPassword }) => longPassword));
  const furtherUsers = users.flatMap(({ settings }) => (settings === undefined ? [] : [settings]));
  const settings = toSettings(section.name, result.values, furtherUsers);
  return {
    entry: { valid: true, ...defined({ file: section.file }), line: section.line, settings },
    warnings,
  };
}

/** Allowed, but weak enough for a warning. */
function weaknesses({
  cipher_suites: suites,
  ipmi_1_5: ipmiV15,
  kg,
  libvirt_uri: connectionUri,
  password,
}: BmcValues): KeyProblem[] {
  const program = programProblem(connectionUri);
  const problems: KeyProblem[] = suites.flatMap((suite) => {
    const problem = cipherSuiteWarning(suite);
    return problem === undefined ? [] : [{ key: 'cipher_suites', ...problem }];
  });
  if (program !== undefined) problems.push({ key: 'libvirt_uri', ...program });
  const hiddenFile = hiddenFileProblem(connectionUri);
  if (hiddenFile !== undefined) problems.push({ key: 'libvirt_uri', ...hiddenFile });
  if (!ipmiV15) return problems;
  const kgUnused = kg === undefined ? '' : '; they do not use K_g either';
  const message = `IPMI 1.5 sessions are not encrypted and are authenticated with MD5${kgUnused}`;
  const remedy = 'turn it off if your clients know IPMI 2.0';
  return [...problems, { key: 'ipmi_1_5', message, remedy }, ...passwordTooLongForV15(password)];
}

function passwordTooLongForV15(password: Secret | undefined): KeyProblem[] {
  const problem = password && ipmiV15PasswordProblem(password.reveal());
  return problem === undefined ? [] : [{ key: 'password', ...problem }];
}

interface CheckedUser {
  readonly settings?: UserSettings;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Warnings that apply only when the BMC allows IPMI 1.5. */
  readonly longPassword: readonly Diagnostic[];
}

function checkGatheredUser({ section, userName, keys }: GatheredUser, readFile: ReadSecretFile): CheckedUser {
  const { values, warnings } = withSecretFiles(keys.values, readFile);
  const errors = [...keys.errors, ...unreadable(values)];
  const nameProblem = userNameProblem(userName);
  if (nameProblem !== undefined) {
    errors.push({ severity: 'error', ...placeOf(section, section.line), ...nameProblem });
  }
  if (section.errors.length > 0) return { errors, warnings, longPassword: [] };
  const result = checkUser(readIniSection(section.name, texts(values)));
  if (!result.ok) errors.push(...locateAll(result.problems, values, section));
  if (!result.ok || errors.length > 0) return { errors, warnings, longPassword: [] };
  const tooLong = passwordTooLongForV15(result.values.password);
  const longPassword = locateAll(tooLong, values, section, 'warning');
  return { settings: { name: userName, ...result.values }, errors, warnings, longPassword };
}

/** Problems of keys that do not fit together. */
function wholeProblems(bmc: GatheredBmc, values: KeyValues): KeyProblem[] {
  return [passwordMismatch(bmc, values), saslMismatch(values)].filter((problem) => problem !== undefined);
}

function passwordMismatch({ own, users }: GatheredBmc, values: KeyValues): KeyProblem | undefined {
  if (!values.has('password')) {
    if (users.length === 0) {
      const remedy = 'add password = ... or password_file = ... here or in [DEFAULT]';
      return { key: 'password', message: 'a BMC needs a password', remedy };
    }
    if (!own.has('username')) return undefined;
    const remedy = 'add password = ..., or remove the key';
    return { key: 'username', message: 'this user has no password', remedy };
  }
  const ownName = values.get('username')?.value ?? 'admin';
  const same = users.find(({ userName }) => userName === ownName);
  if (same === undefined) return undefined;
  return {
    key: 'username',
    message: `${ownName} also has a section`,
    see: { line: same.section.line },
    remedy: 'rename one of them, or remove the password here',
  };
}

function saslMismatch(values: KeyValues): KeyProblem | undefined {
  const hasName = values.has('libvirt_sasl_username');
  if (hasName === values.has('libvirt_sasl_password')) return undefined;
  const [present, missing] = hasName
    ? ['libvirt_sasl_username', 'libvirt_sasl_password']
    : ['libvirt_sasl_password', 'libvirt_sasl_username'];
  return { key: present, message: 'SASL needs both keys', remedy: `add ${missing}, or remove this one` };
}

function toSettings(name: string, values: BmcValues, furtherUsers: readonly UserSettings[]): BmcSettings {
  const { libvirt_sasl_username: saslUsername, libvirt_sasl_password: saslPassword } = values;
  const ownUser: UserSettings[] =
    values.password === undefined
      ? []
      : [{ name: values.username, password: values.password, privilege: 'administrator' }];
  const saslCredentials =
    saslUsername === undefined || saslPassword === undefined
      ? undefined
      : { username: saslUsername, password: saslPassword };
  return {
    name,
    domainName: values.domain_name ?? name,
    address: values.address,
    port: values.port,
    users: [...ownUser, ...furtherUsers],
    cipherSuites: values.cipher_suites,
    ipmiV15: values.ipmi_1_5,
    privilegeLimit: values.privilege_limit,
    userChanges: values.user_changes,
    watchdog: values.watchdog,
    connectionUri: values.libvirt_uri,
    ...defined({ kg: values.kg, allow: values.allow, saslCredentials }),
    loginAttempts: values.login_attempts,
    lockoutSeconds: values.lockout_s,
    softShutdownMode: values.soft_shutdown_mode,
    ...(values.asset_tag !== undefined && { assetTag: values.asset_tag }),
    eventLog: { capacity: values.sel_records, whenFull: values.sel_when_full },
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
    ...defined({ file: section.file }),
    line: section.line,
    name: section.name,
    domainName: value('domain_name') ?? section.name,
    address: value('address') ?? '::',
    port: /^[0-9]{1,5}$/.test(port) ? Number(port) : null,
    errors,
  };
}
