import type { DomainInventory } from '../../terms/domain-inventory.ts';
import { refuse, type ImmediateResult } from '../../terms/result.ts';
import { afterDomainAction, type Bmc, type HandlerResult } from './handler.ts';

/** The result of the domain's definition, which is read again only after it may have changed. */
export function afterInventory<Response>(
  { device }: Bmc,
  now: number,
  conclude: (inventory: DomainInventory) => ImmediateResult<Response>,
): HandlerResult<Response> {
  const known = device.recallInventory(now);
  if (known !== undefined) return conclude(known);
  return afterDomainAction({ kind: 'readInventory' }, ({ inventory }) =>
    inventory === undefined ? refuse('unspecifiedError') : conclude(inventory),
  );
}

/** What the operator has written on the machine: in the inventory, or else in the domain's definition. */
export function assetTagOf({ identity }: Bmc, { chassis, baseBoard }: DomainInventory): string {
  return identity.assetTag ?? chassis.asset ?? baseBoard?.asset ?? '';
}
