/** Reads and changes a domain's inactive definition. */
import type { BootEdit } from './boot-edit.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import type { OverrideSummary } from './override-summary.ts';
import { domainFailure } from './virsh-error.ts';

type EditFunctions = typeof import('./boot-edit.ts');

/** An inactive definition, and the boot override that it has. */
export interface Definition {
  readonly xml: string;
  readonly override: OverrideSummary | undefined;
}

export interface DefinitionEdit {
  readonly change: (functions: EditFunctions, xml: string) => BootEdit;
  /** Called with the definition as it will be, before libvirt gets it. */
  readonly beforeDefine?: (definition: Definition) => Promise<unknown>;
}

/** The inactive definition with its secrets. */
function dump(domain: DomainConnection) {
  return domain.run('dumpxml', '--inactive', '--security-info');
}

export async function readDefinition(domain: DomainConnection): Promise<Result<Definition>> {
  const { overrideIn } = await import('./boot-edit.ts');
  const dumped = await dump(domain);
  if (!dumped.ok) return failed(dumped.failure);
  return succeeded({ xml: dumped.stdout, override: overrideIn(dumped.stdout) });
}

/** An operator edits once. A program that edits in a loop must not keep a worker busy. */
const ATTEMPTS = 3;

/**
 * Changes the inactive, security-complete definition and reads it back. libvirt has no compare-and-swap for definitions: if
 * another program edits it between the last `dumpxml` and `define` (some 50 ms), that edit is lost. `beforeDefine` may take
 * seconds, so the definition is dumped again after it.
 */
export async function editDefinition(
  domain: DomainConnection,
  { change, beforeDefine }: DefinitionEdit,
): Promise<Result<Definition>> {
  const functions = await import('./boot-edit.ts');
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const dumped = await dump(domain);
    if (!dumped.ok) return failed(dumped.failure);
    const edit = change(functions, dumped.stdout);
    if (edit.kind === 'refused') return failed(domainFailure('notExpressible', edit.why));
    if (edit.kind === 'unreadable')
      return failed(domainFailure('virshFailed', 'virsh dumpxml printed no domain XML'));
    const xml = edit.kind === 'changed' ? edit.xml : dumped.stdout;
    const definition = { xml, override: functions.overrideIn(xml) };
    await beforeDefine?.(definition);
    if (edit.kind === 'unchanged') return succeeded(definition);
    const same = beforeDefine === undefined ? succeeded(true) : await isStill(domain, dumped.stdout);
    if (!same.ok) return same;
    if (same.value) return define(domain, edit, definition);
  }
  const what = `another program has changed the definition ${ATTEMPTS} times while vbmc was about to write it`;
  return failed(domainFailure('notAchieved', what));
}

/** Whether the domain still has the definition that was dumped. Fails if it has none any more: `define` would make one. */
async function isStill(domain: DomainConnection, dumped: string): Promise<Result<boolean>> {
  // For a running domain without a definition libvirt dumps what it runs.
  const override = await domain.readOverride('config');
  if (!override.ok) return override;
  if (override.value === 'noDefinition')
    return failed(domainFailure('notExpressible', 'the definition of the domain was removed meanwhile'));
  const again = await dump(domain);
  return again.ok ? succeeded(again.stdout === dumped) : failed(again.failure);
}

async function define(
  domain: DomainConnection,
  edit: Extract<BootEdit, { kind: 'changed' }>,
  definition: Definition,
): Promise<Result<Definition>> {
  try {
    const { withUnlinkedFile } = await import('./unlinked-file.ts');
    const defined = await withUnlinkedFile(edit.xml, (fd) => domain.define(fd));
    if (!defined.ok) return failed(defined.failure);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return failed(domainFailure('virshFailed', `no temporary file for virsh define: ${code}`));
  }
  const readBack = await dump(domain);
  if (!readBack.ok) return failed(readBack.failure);
  if (edit.isIn(readBack.stdout)) return succeeded(definition);
  const what = 'virsh define reported success, and the definition read back has another boot order';
  return failed(domainFailure('notAchieved', what));
}
