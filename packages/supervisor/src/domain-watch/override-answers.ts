/** What `virsh` is asked about the boot overrides of many domains at once, and how its answer is read. Pure. */

import { noInactiveDefinition, noMetadata, OVERRIDE_NAMESPACE } from '@vbmc/bmc-worker/libvirt';

/** Whether `metadata` says that the domain has no override; any other complaint leaves that open. */
function saysNoOverride(complaint: string): boolean {
  return noMetadata.test(complaint) || noInactiveDefinition.test(complaint);
}

const END = 'surveyed';

/** virsh's `echo` ends no line with --quiet. */
function echo(word: string): string {
  return `echo "${word}\n"`;
}

/** One virsh for all of them: a line with its UUID, and then the domain's element, if it has one. */
export function surveyCommands(uuids: readonly string[]): string {
  return [
    ...uuids.map((uuid) => `${echo(uuid)}; metadata --domain ${uuid} --uri ${OVERRIDE_NAMESPACE} --config`),
    echo(END),
  ].join('; ');
}

/**
 * The elements by UUID as `metadata` prints them, `''` for none. A domain is missing when it cannot be told: then virsh
 * has not come to its end, or complained of something else, and does not say of which domain.
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
