/** The manual pages that are made in part from the command line's description. */
import { readFileSync } from 'node:fs';
import { daemonProgram } from '#supervisor/vbmcd-program.ts';
import { vbmcProgram } from '#supervisor/vbmc-program.ts';
import { renderExitCodes, renderOptions, renderVerbs } from './command-pages.ts';
import { withParts } from './generated-parts.ts';

export interface ManualPage {
  readonly path: string;
  /** As it is on disk. */
  readonly found: string;
  /** As the command line says that it should be. */
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
