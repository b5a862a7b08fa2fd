import { scanInventory } from './scan.ts';

const secretKeys = new Set(['password', 'libvirt_sasl_password', 'kg']);

/** Whether the text itself holds a secret, under a misspelt key too: then other users must not be able to read its file. */
export function holdsSecrets(text: string): boolean {
  return scanInventory(text).sections.some(({ entries }) =>
    entries.some(({ key }) => secretKeys.has(key) || key.toLowerCase().endsWith('password')),
  );
}
