/** `gc`, which `--expose-gc` gives to a process, called as each version of Node requires. */

export interface GarbageCollector {
  /** Frees garbage, in some 15 ms. */
  readonly collect: () => void;
  /** Also compacts the rest and gives back the pages that became free, in some 30 ms. */
  readonly compact: () => void;
}

/**
 * From Node 22 on V8 gives pages back only when memory is short, as `last-resort` claims: an idle worker then has 4 MB
 * less. In Node 20 `--compact-on-every-full-gc` does that, and `gc` takes any object to mean "the young generation only".
 */
export function createGarbageCollector(
  gc: NodeJS.GCFunction | undefined,
  nodeVersion: string,
): GarbageCollector | undefined {
  if (gc === undefined) return undefined;
  const collect = (): void => {
    gc();
  };
  if (Number.parseInt(nodeVersion, 10) < 22) return { collect, compact: collect };
  return {
    collect,
    compact: () => {
      gc({ type: 'major', flavor: 'last-resort' });
    },
  };
}
