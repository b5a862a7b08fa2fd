/** An image of a domain's memory that libvirt keeps (`virsh managedsave`, libvirt-guests). Only a domain that is off has one. */
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';

/** Whether a start would resume an image. */
export async function hasManagedSave(domain: DomainConnection): Promise<Result<boolean>> {
  const info = await domain.run('dominfo');
  if (info.ok) return succeeded(/^Managed save: +yes$/m.test(info.stdout));
  // A transient domain no longer exists when it is off.
  return info.failure.kind === 'domainNotFound' ? succeeded(false) : failed(info.failure);
}

/** Pulling the plug of a machine that has hibernated into its memory loses that memory. */
export async function discardManagedSave(domain: DomainConnection): Promise<Result<undefined>> {
  const found = await hasManagedSave(domain);
  if (!found.ok) return found;
  if (!found.value) return succeeded(undefined);
  const removed = await domain.run('managedsave-remove');
  return removed.ok ? succeeded(undefined) : failed(removed.failure);
}
