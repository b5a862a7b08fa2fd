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

/**
 * Changes the inactive, security-complete definition and reads it back. libvirt has no compare-and-swap
 * for definitions: if another program edits it between these two calls (some 50 ms), that edit is lost.
 */
export async function editDefinition(
  domain: DomainConnection,
  { change, beforeDefine }: DefinitionEdit,
): Promise<Result<Definition>> {
  const functions = await import('./boot-edit.ts');
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
