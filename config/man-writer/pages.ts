/** The manual pages with parts that are generated from the command line. */
import { readFileSync } from 'node:fs';
import { daemonProgram } from '#supervisor/vbmcd-program.ts';
import { vbmcProgram } from '#supervisor/vbmc-program.ts';
import { renderExitCodes, renderOptions, renderVerbs } from './command-pages.ts';
import { withParts } from './generated-parts.ts';

export interface ManualPage {
  readonly path: string;
  /** The page on disk. */
  readonly found: string;
  /** The page with its generated parts up to date. */
  readonly wanted: string;
}

export function manualPages(): readonly ManualPage[] {
  const daemon = daemonProgram('');
  return [
    page('vbmc.1', {
      options: renderOptions(vbmcProgram),
      verbs: renderVerbs(vbmcProgram),
      'exit-codes': renderExitCodes(vbmcProgram),
    }),
    page('vbmcd.8', { options: renderOptions(daemon), 'exit-codes': renderExitCodes(daemon) }),
  ];
}

function page(file: string, parts: Readonly<Record<string, string>>): ManualPage {
  const path = new URL(`../man/${file}`, import.meta.url).pathname;
  const found = readFileSync(path, 'utf8');
  return { path, found, wanted: withParts(found, parts) };
}
