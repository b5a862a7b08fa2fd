/** Lines at random, as a worker that is broken or taken over might write them to its channel. */
import type { SeededRandom } from '../seeded-random.ts';
import { hostileValues, messageTypes, validMessage } from './worker-lines.ts';

/** A worker that has announced itself may send these at any time. */
const repeatable = messageTypes.filter((type) => type !== 'ready' && type !== 'bindFailed');

/** Of so many messages one is of events: it has an event of each kind, so it takes as much as many others. */
const EVENTS_AMONG = 100;

export function randomValidLine(random: SeededRandom): string {
  const types =
    random.below(EVENTS_AMONG) === 0 ? ['events'] : repeatable.filter((type) => type !== 'events');
  return validMessage(pick(random, types), (count) => random.below(count)).text;
}

/** A valid line that has been changed, or one that never was. Some are still valid. */
export function randomChangedLine(random: SeededRandom): string {
  const type = pick(random, messageTypes);
  const message = validMessage(type, (count) => random.below(count));
  switch (random.below(8)) {
    case 0:
      return Buffer.from(random.bytes(1 + random.below(200)))
        .toString('latin1')
        .replaceAll('\n', ' ');
    case 1:
      return message.text.slice(0, random.below(message.text.length + 1));
    case 2:
      return withCharacterChanged(random, message.text);
    case 3:
      return message.text + pick(random, [message.text, '}', ',', '\u0000', '\ud800']);
    case 4:
      return message.text.replace(`"type":"${type}"`, `"type":${pick(random, hostileValues)}`);
    default: {
      const value = pick(random, hostileValues);
      // A message may have its type only.
      return message.places.length === 0
        ? `${message.text}${value}`
        : pick(random, message.places).text(value);
    }
  }
}

function withCharacterChanged(random: SeededRandom, text: string): string {
  const at = random.below(text.length);
  const inserted = pick(random, [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '-',
    '0',
    'e999',
    '\u0000',
    'null',
    '',
  ]);
  return (text.slice(0, at) + inserted + text.slice(at + random.below(2))).replaceAll('\n', ' ');
}

export function pick<T>(random: SeededRandom, list: readonly T[]): T {
  const one = list[random.below(list.length)];
  if (one === undefined) throw new Error('there is nothing to choose from');
  return one;
}
