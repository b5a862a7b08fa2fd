/** What `GET /v1/sessions` answers and `vbmc sessions` prints: for each BMC its open sessions. */
import type { SessionDescription } from '@vbmc/bmc-worker/ipc';

export interface BmcSessions {
  readonly name: string;
  /** Oldest first; `null` when no worker runs or it did not answer in time. */
  readonly sessions: readonly SessionDescription[] | null;
}
