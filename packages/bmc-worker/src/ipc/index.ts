/** What the supervisor may know of a worker: the messages between them, and the words in those messages. */
export type * from './protocol.ts';
export { noFigures } from './no-figures.ts';
export { domainStates, failureKinds } from './worker-words.ts';
