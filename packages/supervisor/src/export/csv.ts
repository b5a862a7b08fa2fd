/** A table for spreadsheets and scripts: comma-separated values by RFC 4180, but with LF at the end of lines. */
import type { ExportFormat, Note } from './export-format.ts';
import type { ExportedBmc } from './exported-bmc.ts';

/** A spreadsheet reads a cell that begins like this as a formula. */
const formula = /^[=+\-@\t\r]/;

interface Column {
  readonly title: string;
  readonly of: (bmc: ExportedBmc) => string | number | undefined;
}

const columns: readonly Column[] = [
  { title: 'name', of: ({ name }) => harmless(name) },
  { title: 'address', of: ({ address }) => address },
  { title: 'port', of: ({ port }) => port },
  { title: 'username', of: ({ username }) => harmless(username) },
  // Unchanged, because a password with an apostrophe would be wrong.
  { title: 'password', of: ({ secrets }) => secrets.password?.reveal() },
  { title: 'kg', of: ({ secrets }) => secrets.kg?.reveal() },
  { title: 'domain', of: ({ domainName }) => harmless(domainName) },
  { title: 'libvirt_uri', of: ({ connectionUri }) => connectionUri },
  { title: 'uuid', of: ({ domain }) => domain.uuid },
  { title: 'macs', of: ({ domain }) => domain.macs.join(' ') },
  { title: 'cpus', of: ({ domain }) => domain.cpus },
  { title: 'memory_mib', of: ({ domain }) => domain.memoryMib },
  { title: 'disk_gib', of: ({ diskGib }) => diskGib },
  { title: 'architecture', of: ({ domain }) => domain.architecture },
  { title: 'boot_mode', of: ({ domain }) => domain.bootMode },
];

export const csv: ExportFormat = {
  description: 'a table',
  json: 'never',
  hiddenPassword: 'leftOut',
  render: (bmcs) => {
    const rows = [columns.map(({ title }) => title), ...bmcs.map((bmc) => columns.map(({ of }) => of(bmc)))];
    return { text: rows.map(toLine).join(''), notes: bmcs.flatMap(noteFormulas) };
  },
};

function toLine(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map((field) => quote(String(field ?? ''))).join(',')}\n`;
}

function quote(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Other people choose the names of domains. An apostrophe makes a spreadsheet show such a name unchanged. */
function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

function noteFormulas({ name, username, domainName, secrets }: ExportedBmc): readonly Note[] {
  const notes: Note[] = [];
  if ([name, username, domainName].some((text) => formula.test(text))) {
    notes.push({
      name,
      text: "a name that a spreadsheet would read as a formula is exported with a ' in front",
    });
  }
  if (secrets.password !== undefined && formula.test(secrets.password.reveal())) {
    notes.push({ name, text: 'the password begins like a formula: import the column as text' });
  }
  return notes;
}
