/** The values that labels of metrics may have. Workers send the texts, and their number must stay bounded. */
import { failureKinds } from '@vbmc/bmc-worker/ipc';

export const outcomeLabels = ['ok', 'done', ...failureKinds, 'other'] as const;

export const actionLabels = ['chassisControl', 'setBootFlags', 'other'] as const;

export const dropCauses = ['oversized', 'rateLimited', 'notAllowed'] as const;

/** The verbs of virsh that a worker uses. */
export const verbLabels = [
  'define',
  'destroy',
  'dompmwakeup',
  'domstate',
  'domuuid',
  'dumpxml',
  'inject-nmi',
  'list',
  'metadata',
  'reset',
  'resume',
  'shutdown',
  'start',
  'other',
] as const;

/** `text` if it is one of `labels`, or `other`. */
export function labelOf<Label extends string>(labels: readonly Label[], text: string): Label | 'other' {
  return labels.find((label) => label === text) ?? 'other';
}
