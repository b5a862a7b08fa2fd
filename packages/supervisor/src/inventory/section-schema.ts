/** The only importer of zod: from the texts of one section to typed settings, or to problems with their remedies. */
import { privileges, selWhenFull, softShutdownModes } from '@vbmc/bmc-worker/ipc';
import { z } from 'zod';
import type { Problem } from '../text/problem.ts';
import type { KeyProblem } from './diagnostic.ts';
import { readNetworks } from './networks.ts';
import { Secret } from './secret.ts';
import { defined } from '../text/records.ts';
import { readCipherSuites } from './cipher-suites.ts';
import {
  addressProblem,
  assetTagProblem,
  connectionUriProblem,
  directoryProblem,
  domainNameProblem,
  numberWithin,
  passwordProblem,
  readKg,
  readListenAddress,
  saslProblem,
  shown,
  userNameProblem,
} from './field-checks.ts';

const yes = new Set(['yes', 'true', 'on', '1']);
const no = new Set(['no', 'false', 'off', '0']);
/** No worker fits into less: Node alone has some 40 MB resident. */
const LEAST_MEMORY_MB = 64;
const MOST_MEMORY_MB = 1_048_576;

const MOST_LOGIN_ATTEMPTS = 1_000;
const LONGEST_LOCKOUT_S = 86_400;
const LEAST_SEL_RECORDS = 64;
const MOST_SEL_RECORDS = 4_096;

/** An issue of zod has a message only, so the remedy goes into its parameters. */
function report(context: z.RefinementCtx, { message, remedy }: Problem): void {
  context.addIssue({ code: 'custom', message, params: { remedy } });
}

/** A text in which `check` finds no problem. */
function text(check: (value: string) => Problem | undefined): z.ZodType<string, string> {
  return z.string().superRefine((value, context) => {
    const problem = check(value);
    if (problem !== undefined) report(context, problem);
  });
}

/** What `read` returns for a text, or its problem. */
function readOrProblem<T extends object>(read: (value: string) => T | { readonly problem: Problem }) {
  return z.string().transform((value, context): T => {
    const result = read(value);
    if (!('problem' in result)) return result;
    report(context, result.problem);
    return z.NEVER;
  });
}

/** What `read` returns for a text; `undefined` makes a problem: the text `is not …`. */
function readAs<T>(read: (value: string) => T | undefined, isNot: string, remedy?: string) {
  return z.string().transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    report(context, { message: `${shown(value)} ${isNot}`, ...defined({ remedy }) });
    return z.NEVER;
  });
}

/** A key that has no default. */
function required(problem: Problem) {
  return z
    .string()
    .optional()
    .transform((value, context): string => {
      if (value !== undefined) return value;
      report(context, problem);
      return z.NEVER;
    });
}

const port = readAs(
  (value) => (value.length <= 5 ? numberWithin(value, 1, 65535) : undefined),
  'is not a UDP port (1-65535)',
);

const password = text(passwordProblem).transform((value) => new Secret(value));

const kg = readOrProblem(readKg).transform(({ hex }) => new Secret(hex));

const cipherSuites = readOrProblem(readCipherSuites);

const yesOrNo = readAs((value) => {
  const word = value.toLowerCase();
  return yes.has(word) || (no.has(word) ? false : undefined);
}, 'is neither yes nor no');

const privilege = readAs(
  (value) => privileges.find((level) => level === value.toLowerCase()),
  'is not a privilege',
  'write callback, user, operator or administrator',
);

const softShutdownMode = readAs(
  (value) => softShutdownModes.find((mode) => mode === value.toLowerCase()),
  'is not a way to ask a guest to shut down',
  'write acpi, agent or both',
);

const whenFull = readAs(
  (value) => selWhenFull.find((word) => word === value.toLowerCase()),
  'is not what an event log does when it is full',
  'write wrap or stop',
);

const saslText = text(saslProblem);

/** Keys are VirtualBMC's; a missing key takes the default here, except `domain_name` (the section's name). */
const bmcSchema = z.object({
  domain_name: text(domainNameProblem).optional(),
  port: port.default(623),
  address: text(addressProblem).default('::'),
  username: text(userNameProblem).default('admin'),
  password: password.optional(),
  kg: kg.optional(),
  cipher_suites: cipherSuites.default([17, 3]),
  allow: readOrProblem(readNetworks).optional(),
  login_attempts: readAs(
    (value) => numberWithin(value, 0, MOST_LOGIN_ATTEMPTS),
    `is not a number of failed logins from 1 to ${MOST_LOGIN_ATTEMPTS}, nor 0 for no lock-out`,
  ).default(10),
  lockout_s: readAs(
    (value) => numberWithin(value, 1, LONGEST_LOCKOUT_S),
    `is not a number of seconds from 1 to ${LONGEST_LOCKOUT_S}`,
    'write for example 60',
  ).default(60),
  ipmi_1_5: yesOrNo.default(false),
  privilege_limit: privilege.default('administrator'),
  user_changes: yesOrNo.default(false),
  watchdog: yesOrNo.default(true),
  libvirt_uri: text(connectionUriProblem).default('qemu:///system'),
  libvirt_sasl_username: saslText.optional(),
  libvirt_sasl_password: saslText.transform((value) => new Secret(value)).optional(),
  soft_shutdown_mode: softShutdownMode.default('acpi'),
  asset_tag: text(assetTagProblem).optional(),
  sel_records: readAs(
    (value) => numberWithin(value, LEAST_SEL_RECORDS, MOST_SEL_RECORDS),
    `is not a number of records from ${LEAST_SEL_RECORDS} to ${MOST_SEL_RECORDS}`,
  ).default(512),
  sel_when_full: whenFull.default('wrap'),
  active: yesOrNo.default(true),
});

const userSchema = z.object({
  password: required({
    message: 'a user needs a password',
    remedy: 'add password = ... or password_file = ...',
  }).pipe(password),
  privilege: required({
    message: 'a user needs a privilege',
    remedy: 'add privilege = callback, user, operator or administrator',
  }).pipe(privilege),
});

const settingsSchema = z.object({
  metrics_listen: readAs(
    readListenAddress,
    'is not ADDRESS:PORT',
    'write for example 127.0.0.1:9623 or [::1]:9623',
  ).optional(),
  socket_group: readAs(
    (value) => (/^(?:[A-Za-z_][A-Za-z0-9_.-]*\$?|[0-9]+)$/.test(value) ? value : undefined),
    'is not the name of a group',
    'write one that getent group knows',
  ).optional(),
  memory_limit_mb: readAs(
    (value) => numberWithin(value, LEAST_MEMORY_MB, MOST_MEMORY_MB),
    `is not a number of megabytes of at least ${LEAST_MEMORY_MB}`,
    'write for example 128',
  ).optional(),
  allow_removal: yesOrNo.optional(),
  virtualbmc_dir: text(directoryProblem).optional(),
  virtualbmc_defaults: yesOrNo.optional(),
});

export type BmcValues = z.infer<typeof bmcSchema>;
export type UserValues = z.infer<typeof userSchema>;
export type SettingsValues = z.infer<typeof settingsSchema>;
export type Texts = Readonly<Record<string, string>>;

export type SectionResult<Values> =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly problems: readonly KeyProblem[] };

/** Checks the texts of a BMC's section, defaults merged in. */
export function checkBmc(texts: Texts): SectionResult<BmcValues> {
  return check(bmcSchema, texts);
}

/** Checks the texts of a section `[NAME user USERNAME]`. */
export function checkUser(texts: Texts): SectionResult<UserValues> {
  return check(userSchema, texts);
}

/** Checks the texts of `[vbmc]`: keys with problems are missing from `values`. */
export function checkSettings(texts: Texts): { values: SettingsValues; problems: readonly KeyProblem[] } {
  const result = check(settingsSchema, texts);
  if (result.ok) return { values: result.values, problems: [] };
  const bad = new Set(result.problems.map(({ key }) => key));
  const good = Object.entries(texts).filter(([key]) => !bad.has(key));
  return { values: settingsSchema.parse(Object.fromEntries(good)), problems: result.problems };
}

function check<Values>(schema: z.ZodType<Values>, texts: Texts): SectionResult<Values> {
  const result = schema.safeParse(texts);
  if (result.success) return { ok: true, values: result.data };
  const problems = result.error.issues.map((issue): KeyProblem => {
    const remedy: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
    return {
      key: String(issue.path[0]),
      message: issue.message,
      ...(typeof remedy === 'string' && { remedy }),
    };
  });
  return { ok: false, problems };
}
