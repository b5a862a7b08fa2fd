/** `password_file` and `kg_file`: keys that name the file with a secret. */
import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { KeyValue, KeyValues } from './effective-keys.ts';
import { fileKeys } from './known-keys.ts';

export type SecretFile =
  | { readonly ok: true; readonly text: string; readonly warning?: Problem }
  | { readonly ok: false; readonly problem: Problem };

/** Reads the file at `path` as written in `inventoryFile` (`undefined`: the inventory itself). Never throws. */
export type ReadSecretFile = (path: string, inventoryFile: string | undefined) => SecretFile;

export const noSecretFiles: ReadSecretFile = () => ({
  ok: false,
  problem: { message: 'no secret files can be read here' },
});

/** Replaces each key that names a file by the key that the content is for: `password_file` by `password`. */
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
  const place = { ...defined({ file }), section, line };
  const content: SecretFile =
    value === ''
      ? { ok: false, problem: { message: 'the path is empty', remedy: 'write it, or remove the key' } }
      : readFile(value, file);
  if (!content.ok) return { ...place, errors: [{ severity: 'error', ...place, key, ...content.problem }] };
  if (content.warning !== undefined) {
    warnings.push({ severity: 'warning', ...place, key, ...content.warning });
  }
  return { ...place, writtenAs: key, value: content.text, errors: [] };
}
