/** Makes the .deb and the .rpm of a tree; the same tree and time give the same bytes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDeb } from './deb-package.ts';
import { makeRpm } from './rpm-package.ts';
import { layOutTree, type TreeOptions } from './package-tree.ts';

export const packageFormats = ['deb', 'rpm'] as const;
export type PackageFormat = (typeof packageFormats)[number];

export interface MakeOptions extends TreeOptions {
  /** Seconds since 1970. */
  readonly sourceDateEpoch: number;
  /** For the packages. */
  readonly directory: string;
  readonly formats: readonly PackageFormat[];
}

/** Returns the paths of the packages. */
export function makePackages(options: MakeOptions): string[] {
  const { version, directory, formats } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'vbmc-package-'));
  try {
    return formats.map((format) => {
      const tree = join(scratch, format);
      layOutTree(tree, options);
      if (format === 'deb') {
        const file = join(directory, `vbmc_${version}_amd64.deb`);
        makeDeb(tree, file, options);
        return file;
      }
      const file = join(directory, `vbmc-${version}-1.x86_64.rpm`);
      makeRpm(tree, file, mkdtempSync(join(scratch, 'rpm-')), options);
      return file;
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
