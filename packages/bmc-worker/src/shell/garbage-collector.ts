/** `gc`, which a process has that was started with `--expose-gc`, as each version of Node wants to be asked. */

export interface GarbageCollector {
  /** Frees what is garbage, in some 15 ms. */
  readonly collect: () => void;
  /** Compacts what is left as well, and gives back the pages that became free, in some 30 ms. */
  readonly compact: () => void;
}

/**
 * From Node 22 on V8 gives pages back only where memory is short: `last-resort` says so, and an idle worker has 4 MB
 * less. In Node 20 `--compact-on-every-full-gc` does it, and `gc` takes any object for "the young generation only".
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
