import { scanInventory } from './scan.ts';

const SECRET_KEYS = new Set(['password', 'libvirt_sasl_password', 'kg']);

/** Whether the text itself holds a secret, misspelt keys included, so that its file must not be readable by others. */
export function holdsSecrets(text: string): boolean {
  return scanInventory(text).sections.some(({ entries }) =>
    entries.some(({ key }) => SECRET_KEYS.has(key) || key.toLowerCase().endsWith('password')),
  );
}
