/** Waits until this machine has one of a BMC's addresses. */
import { ADDRESS_LOOK_INTERVAL_MS } from '../supervision/supervision-times.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Calls `onAddress` once, within `ADDRESS_LOOK_INTERVAL_MS` of the appearance of one; the function returned cancels that.
 * `addresses` may return others each time.
 */
export function awaitAddress(
  addresses: () => readonly string[],
  { clock, hasAddress }: Pick<Dependencies, 'clock' | 'hasAddress'>,
  onAddress: () => void,
): () => void {
  let isCancelled = false;
  let cancelTimer = (): void => undefined;
  const look = async (): Promise<void> => {
    const found = await Promise.all(addresses().map((address) => hasAddress(address)));
    if (isCancelled) return;
    if (found.includes(true)) onAddress();
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
