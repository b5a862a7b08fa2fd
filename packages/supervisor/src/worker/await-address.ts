/** Waits until this machine has an address. */
import { ADDRESS_LOOK_INTERVAL_MS } from '../supervision/supervision-times.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Calls `onAddress` once, within `ADDRESS_LOOK_INTERVAL_MS` of the address's appearance; the function returned cancels
 * that.
 */
export function awaitAddress(
  address: string,
  { clock, hasAddress }: Pick<Dependencies, 'clock' | 'hasAddress'>,
  onAddress: () => void,
): () => void {
  let isCancelled = false;
  let cancelTimer = (): void => undefined;
  const look = async (): Promise<void> => {
    const isThere = await hasAddress(address);
    if (isCancelled) return;
    if (isThere) onAddress();
    else lookLater();
  };
  const lookLater = (): void => {
    cancelTimer = clock.after(ADDRESS_LOOK_INTERVAL_MS, () => void look());
  };
  lookLater();
  return () => {
    isCancelled = true;
    cancelTimer();
  };
}
