/** Which numbered messages are questions, and which are answers. Pure. */
import {
  confirmationTypes,
  workerRequestTypes,
  type SupervisorMessage,
  type WorkerMessage,
} from '@vbmc/bmc-worker/ipc';

/** Whether the worker has to answer it. */
export function isQuestion(message: SupervisorMessage): boolean {
  return 'requestId' in message && !confirmationTypes.some((type) => type === message.type);
}

/** Whether it answers a question, if there was one. */
export function isAnswer(message: WorkerMessage): boolean {
  return 'requestId' in message && !workerRequestTypes.some((type) => type === message.type);
}
