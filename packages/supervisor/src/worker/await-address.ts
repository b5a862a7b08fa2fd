/** Waits until this machine has an address. */
import { ADDRESS_LOOK_INTERVAL_MS } from '../supervision/supervision-times.ts';
import type { Dependencies } from './dependencies.ts';

/** Calls `come` once, within `ADDRESS_LOOK_INTERVAL_MS` of the address; the function returned prevents it. */
export function awaitAddress(
  address: string,
  { clock, hasAddress }: Pick<Dependencies, 'clock' | 'hasAddress'>,
  come: () => void,
): () => void {
  let cancelled = false;
  let cancelLook = (): void => undefined;
  const look = async (): Promise<void> => {
    const there = await hasAddress(address);
    if (cancelled) return;
    if (there) come();
    else lookLater();
  };
  const lookLater = (): void => {
    cancelLook = clock.after(ADDRESS_LOOK_INTERVAL_MS, () => void look());
  };
  lookLater();
  return () => {
    cancelled = true;
    cancelLook();
  };
}
