/** `password_file` and `kg_file`: the value of a key that stands in a file of its own. */
import type { Diagnostic } from './diagnostic.ts';
import type { KeyValue, KeyValues } from './effective-keys.ts';
import { fileKeys } from './known-keys.ts';

export type SecretFile =
  | { readonly ok: true; readonly text: string; readonly warning?: string }
  | { readonly ok: false; readonly error: string };

/** Reads the file at `path` as written in `inventoryFile` (`undefined`: the inventory itself). Never throws. */
export type ReadSecretFile = (path: string, inventoryFile: string | undefined) => SecretFile;

export const noSecretFiles: ReadSecretFile = () => ({ ok: false, error: 'there are no files here' });

/** Puts the content of each file in the place of the key that names it. */
export function withSecretFiles(
  values: KeyValues,
  readFile: ReadSecretFile,
): { readonly values: KeyValues; readonly warnings: readonly Diagnostic[] } {
  const result = new Map(values);
  const warnings: Diagnostic[] = [];
  for (const [plain, inFile] of fileKeys) {
    const named = values.get(inFile);
    if (named === undefined) continue;
    result.delete(inFile);
    // With both forms in one section, which is an error already, the plain one stays.
    if (values.has(plain)) continue;
    result.set(plain, named.value === undefined ? named : readNamed(named, inFile, readFile, warnings));
  }
  return { values: result, warnings };
}

function readNamed(named: KeyValue, key: string, readFile: ReadSecretFile, warnings: Diagnostic[]): KeyValue {
  const { file, section, line, value = '' } = named;
  const place = { ...(file !== undefined && { file }), section, line };
  const finding = { ...place, key };
  const content: SecretFile =
    value === ''
      ? { ok: false, error: 'the path is empty: write it, or leave the key out' }
      : readFile(value, file);
  if (!content.ok) {
    return { ...place, errors: [{ severity: 'error', ...finding, message: content.error }] };
  }
  if (content.warning !== undefined) {
    warnings.push({ severity: 'warning', ...finding, message: content.warning });
  }
  return { ...place, writtenAs: key, value: content.text, errors: [] };
}
