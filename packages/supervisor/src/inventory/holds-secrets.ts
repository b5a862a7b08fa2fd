import { scanInventory } from './scan.ts';

const secretKeys = new Set(['password', 'libvirt_sasl_password', 'kg']);

/** Whether the text itself holds a secret, misspelt keys included, so that its file must not be readable by others. */
export function holdsSecrets(text: string): boolean {
  return scanInventory(text).sections.some(({ entries }) =>
    entries.some(({ key }) => secretKeys.has(key) || key.toLowerCase().endsWith('password')),
  );
}
