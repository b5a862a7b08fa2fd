/** What the supervisor may use of libvirt: the runner of `virsh`. */
export {
  virshFollower,
  type FollowVirsh,
  type FollowedCommand,
  type Kill,
  type VirshConnection,
  type VirshListener,
} from './follow-virsh.ts';
export { createLineSplitter, readLines } from './line-splitter.ts';
export { killGroup } from './process-group.ts';
export { runVirsh, type VirshRun } from './run-virsh.ts';
export { virshEnvironment } from './virsh-environment.ts';
