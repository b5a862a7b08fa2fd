/** The keys of each kind of inventory section. The keys of a BMC that VirtualBMC also has keep its names. */
export const bmcKeys = [
  'domain_name',
  'port',
  'address',
  'username',
  'password',
  'password_file',
  'kg',
  'kg_file',
  'cipher_suites',
  'ipmi_1_5',
  'privilege_limit',
  'user_changes',
  'watchdog',
  'libvirt_uri',
  'libvirt_sasl_username',
  'libvirt_sasl_password',
  'allow',
  'login_attempts',
  'lockout_s',
  'soft_shutdown_mode',
  'asset_tag',
  'sel_records',
  'sel_when_full',
  'active',
] as const;

/** `[NAME user USERNAME]` */
export const userKeys = ['password', 'password_file', 'privilege'] as const;

/** `[vbmc]` */
export const settingsKeys = [
  'metrics_listen',
  'socket_group',
  'memory_limit_mb',
  'allow_removal',
  'virtualbmc_dir',
  'virtualbmc_defaults',
] as const;

/** Each key whose value may be in a separate file, and the key that names that file. */
export const fileKeys: ReadonlyMap<string, string> = new Map([
  ['password', 'password_file'],
  ['kg', 'kg_file'],
]);

/** The known key that a misspelt one most likely means; `undefined` when none is similar. */
export function nearestKnownKey(key: string, known: readonly string[]): string | undefined {
  const typed = key.toLowerCase().replaceAll(/[-\s]/g, '_');
  if (typed === '') return undefined;
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate) }))
    .filter(
      ({ candidate, distance }) =>
        // Changing both letters of a key as short as `kg` would match any two letters.
        distance <= Math.min(2, candidate.length - 1) || (typed.length >= 3 && candidate.startsWith(typed)),
    )
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** Levenshtein distance, one row of the matrix at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index += 1) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === from[index] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
