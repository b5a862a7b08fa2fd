/** What the supervisor uses of libvirt: the runner of `virsh`, parsers of its output, and a domain's definition. */
export {
  connectionTrouble,
  quoteConnectionError,
  remedyOfTrouble,
  type ConnectionTrouble,
} from './connection-trouble.ts';
export { isAmbiguousName } from './domain-address.ts';
export { parseDomainFigures, type DomainFigures } from './domain-figures.ts';
export { isListed, readDomainList, readListedUuid } from './domain-list.ts';
export { parseDomainState } from './domain-state.ts';
export { parseDomainStats } from './domain-stats.ts';
export type { Element } from './domain-xml.ts';
export {
  loadVirshRunner,
  virshFollower,
  type FollowVirsh,
  type FollowedCommand,
  type Kill,
  type ReportStart,
  type VirshConnection,
  type VirshListener,
} from './follow-virsh.ts';
export { noInactiveDefinition, noMetadata, OVERRIDE_NAMESPACE } from './override-metadata.ts';
export { forgetParentDeath, knownParentDeath, parentDeathPrefix, type ParentDeath } from './parent-death.ts';
export { killGroup } from './process-group.ts';
export { readDomainXml } from './read-domain-xml.ts';
export { readLines } from './read-lines.ts';
export { runVirsh, type VirshRun } from './run-virsh.ts';
export { domainStateText } from './state-reasons.ts';
export { isShortage, tryToSpawn } from './try-to-spawn.ts';
export { virshEnvironment } from './virsh-environment.ts';
export {
  isDefinitionChange,
  isPowerOn,
  parseVirshEvent,
  stateAfter,
  type VirshEvent,
} from './virsh-event.ts';
export { parseVirshIncident, type VirshIncident } from './virsh-incident.ts';
export { attributeOf, child, children, textOf } from './xml-elements.ts';
