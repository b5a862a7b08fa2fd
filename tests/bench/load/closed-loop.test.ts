import { ClosedLoop } from './closed-loop.ts';

const requests = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];

function loopOver(stock: readonly Uint8Array[]) {
  const sent: number[] = [];
  let listener: (datagram: Uint8Array) => void = () => undefined;
  const told: string[] = [];
  const loop = new ClosedLoop(
    {
      send: (datagram) => sent.push(datagram[0] ?? 0),
      divert: (given) => (listener = given),
    },
    {
      requests: stock,
      pauseMs: 0,
      onAnswer: () => told.push('answer'),
      onTimeout: () => told.push('timeout'),
      onEnd: () => told.push('end'),
    },
  );
  const answer = (byte: number): void => {
    listener(Uint8Array.of(byte));
  };
  return { loop, sent, told, answer };
}

test('the next request goes out when the last was answered, and each answer is kept', () => {
  const { loop, sent, told, answer } = loopOver(requests);
  loop.start();
  expect(sent).toEqual([1]);
  answer(11);
  answer(12);
  expect(sent).toEqual([1, 2, 3]);
  answer(13);
  expect(told).toEqual(['answer', 'answer', 'answer', 'end']);
  expect([0, 1, 2].map((index) => loop.answerTo(index)?.[0])).toEqual([11, 12, 13]);
});

test('after stop, the answer that is under way still counts, and is the last', () => {
  const { loop, sent, told, answer } = loopOver(requests);
  loop.start();
  loop.stop();
  expect(told).toEqual([]);
  answer(11);
  answer(99);
  expect(sent).toEqual([1]);
  expect(told).toEqual(['answer', 'end']);
  expect(loop.answerTo(1)).toBeUndefined();
});
