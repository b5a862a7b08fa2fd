/** All formats by their name on the command line. */
import { ansible } from './ansible.ts';
import { csv } from './csv.ts';
import type { ExportFormat } from './export-format.ts';
import { instackenv } from './instackenv.ts';
import { ironic } from './ironic.ts';
import { maas } from './maas.ts';
import { metal3 } from './metal3.ts';

export const formats: Readonly<Record<string, ExportFormat>> = {
  instackenv,
  ironic,
  metal3,
  maas,
  ansible,
  csv,
};
