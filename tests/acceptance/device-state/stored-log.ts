/** The file of a BMC's event log and operating time, between two lives of vbmcd. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf } from '#supervisor/event-log/event-logs.ts';
import {
  parseJournal,
  renderJournal,
  type Journal,
  type LogNotes,
} from '#supervisor/event-log/log-journal.ts';
import { stateFiles } from '#supervisor/state-directory/state-files.ts';
import type { Lab } from '#lab/lab.ts';

function pathOf(lab: Lab, bmc: string): string {
  return join(lab.vbmcd.stateDirectory, stateFiles.eventLogs.name, fileNameOf(bmc));
}

/** Throws for a file that is damaged, except for a last line that is torn. */
export function storedLog(lab: Lab, bmc: string): Journal {
  const journal = parseJournal(readFileSync(pathOf(lab, bmc), 'utf8'));
  if (journal === undefined || journal.unreadable > 0) throw new Error(`the stored log of ${bmc} is damaged`);
  return journal;
}

export function storedBytes(lab: Lab, bmc: string): number {
  return statSync(pathOf(lab, bmc)).size;
}

/** As if the BMC had been there for long: with the next records' ids, and hours that the domain has run. Only without a vbmcd. */
export function ageLog(lab: Lab, bmc: string, aged: Partial<LogNotes>): void {
  const { entries, notes } = storedLog(lab, bmc);
  const text = renderJournal(entries, { ...notes, ...aged });
  const { directory } = lab.libvirt;
  directory.write(pathOf(lab, bmc).slice(directory.path.length + 1), text, 0o640);
}
