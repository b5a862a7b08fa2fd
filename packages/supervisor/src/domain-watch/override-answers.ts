/** The commands that ask one `virsh` for the boot overrides of many domains, and the parser of its answers. Pure. */
import { noInactiveDefinition, noMetadata, OVERRIDE_NAMESPACE } from '@vbmc/bmc-worker/libvirt';

/** Whether `metadata` says that the domain has no override; any other complaint leaves that open. */
function saysNoOverride(complaint: string): boolean {
  return noMetadata.test(complaint) || noInactiveDefinition.test(complaint);
}

const END = 'surveyed';

/** With --quiet, virsh's `echo` does not end its line. */
function echo(text: string): string {
  return `echo "${text}\n"`;
}

/** Prints, for each domain, a line with its UUID and then its element, if it has one. */
export function surveyCommands(uuids: readonly string[]): string {
  return [
    ...uuids.map((uuid) => `${echo(uuid)}; metadata --domain ${uuid} --uri ${OVERRIDE_NAMESPACE} --config`),
    echo(END),
  ].join('; ');
}

/**
 * The elements by UUID as `metadata` prints them; `''`: the domain has none. A domain is missing if the answer leaves
 * that open: virsh was cut short, or made another complaint, and complaints do not name their domain.
 */
export function readSurvey(
  uuids: readonly string[],
  lines: readonly string[],
  complaints: readonly string[],
): ReadonlyMap<string, string> {
  const isSure = lines.at(-1) === END && complaints.every(saysNoOverride);
  const begins = new Map(lines.map((line, index) => [line, index]));
  const elements = new Map<string, string>();
  for (const [index, uuid] of uuids.entries()) {
    const begin = begins.get(uuid);
    const end = begins.get(uuids[index + 1] ?? END);
    if (begin === undefined || end === undefined) break;
    const element = lines.slice(begin + 1, end).join('\n');
    if (element !== '' || isSure) elements.set(uuid, element);
  }
  return elements;
}

/** The domain, by UUID, that the last of these lines has announced; undefined before the first. */
export function lastAsked(uuids: readonly string[], lines: readonly string[]): string | undefined {
  const announced = new Set([...uuids, END]);
  return lines.findLast((line) => announced.has(line));
}
