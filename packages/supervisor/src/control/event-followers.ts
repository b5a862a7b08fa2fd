/** Streams events as they happen: newline-delimited JSON on HTTP responses that do not end. */
import type { ServerResponse } from 'node:http';
import { isWanted, type EventFilter } from './event-filter.ts';
import type { EventRecord } from './event-record.ts';
import type { EventRing } from './event-ring.ts';

/** Memory that a slow reader may use; beyond it the connection is closed. */
const MAXIMUM_BACKLOG_BYTES = 1_048_576;
const MAXIMUM_FOLLOWERS = 32;

export class EventFollowers {
  readonly #ring: EventRing;
  #count = 0;

  constructor(ring: EventRing) {
    this.#ring = ring;
  }

  /** Sends `first` and then each new event that is wanted until the client disconnects. False when there are too many followers. */
  add(first: readonly EventRecord[], filter: EventFilter, response: ServerResponse): boolean {
    if (this.#count >= MAXIMUM_FOLLOWERS) return false;
    this.#count += 1;
    const write = (record: EventRecord): void => {
      response.write(`${JSON.stringify(record)}\n`);
      if (response.writableLength > MAXIMUM_BACKLOG_BYTES) response.destroy();
    };
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    response.flushHeaders();
    for (const record of first) write(record);
    const leave = this.#ring.follow((record) => {
      if (isWanted(record, filter)) write(record);
    });
    response.once('close', () => {
      leave();
      this.#count -= 1;
    });
    return true;
  }
}
