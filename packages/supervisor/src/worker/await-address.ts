/** Waits until this machine has an address. */
import type { Dependencies } from './dependencies.ts';

/** An administrator who has just added the address looks at once; 40 µs each are little, for hundreds of BMCs too. */
const LOOK_EVERY_MS = 500;

/** Calls `come` once, within `LOOK_EVERY_MS` of the address; the function returned prevents it. */
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
    cancelLook = clock.after(LOOK_EVERY_MS, () => void look());
  };
  lookLater();
  return () => {
    cancelled = true;
    cancelLook();
  };
}
