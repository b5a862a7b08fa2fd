/** The values that labels of metrics may have: workers send them, and each new value would be a new series. */
import { domainFailureKinds } from '@vbmc/bmc-worker/ipc';

export const outcomeLabels = ['ok', 'done', ...domainFailureKinds, 'other'] as const;

export const actionLabels = ['chassisControl', 'setBootFlags', 'other'] as const;

/** The verbs of virsh that a worker uses. */
export const verbLabels = [
  'define',
  'destroy',
  'domid',
  'dominfo',
  'domname',
  'dompmwakeup',
  'domstate',
  'domstats',
  'domuuid',
  'dumpxml',
  'inject-nmi',
  'list',
  'managedsave-remove',
  'metadata',
  'qemu-monitor-command',
  'reset',
  'resume',
  'shutdown',
  'start',
  'other',
] as const;

/** `text` if it is one of `labels`, otherwise `other`. */
export function labelOf<Label extends string>(labels: readonly Label[], text: string): Label | 'other' {
  return labels.find((label) => label === text) ?? 'other';
}
