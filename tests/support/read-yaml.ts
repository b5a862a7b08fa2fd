import { createRequire } from 'node:module';

/** js-yaml, which has no types of its own: as far as the tests need it. */
interface YamlLibrary {
  loadAll(text: string, iterator?: null, options?: { readonly schema: unknown }): unknown[];
  readonly Type: new (
    tag: string,
    options: { readonly kind: 'scalar'; readonly construct: (text: string) => unknown },
  ) => unknown;
  readonly DEFAULT_SCHEMA: { extend(type: unknown): unknown };
}

const yaml = createRequire(import.meta.url)('js-yaml') as YamlLibrary;

/** `!unsafe` is Ansible's: a text to be taken verbatim. */
const schema = yaml.DEFAULT_SCHEMA.extend(
  new yaml.Type('!unsafe', { kind: 'scalar', construct: (text) => ({ __ansible_unsafe: text }) }),
);

/** All documents, read by a parser that is not ours. */
export function readYaml(text: string): unknown[] {
  return yaml.loadAll(text, null, { schema });
}
