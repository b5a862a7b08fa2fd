import { ConnectionLimit } from '#supervisor/host/connection-limit.ts';

function full(): ConnectionLimit<string> {
  const limit = new ConnectionLimit<string>(3);
  for (const connection of ['a', 'b', 'c']) expect(limit.add(connection)).toBeUndefined();
  return limit;
}

test('the oldest that has sent no request is closed first', () => {
  const limit = full();
  limit.works('a');
  expect(limit.add('d')).toBe('b');
  expect(limit.add('e')).toBe('c');
  limit.works('d');
  expect(limit.add('f')).toBe('e');
});

test('then the oldest that has not taken its answer', () => {
  const limit = full();
  for (const connection of ['a', 'b', 'c']) limit.works(connection);
  limit.isAnswered('c');
  limit.isAnswered('b');
  expect(limit.add('d')).toBe('b');
  expect(limit.add('e')).toBe('d');
  limit.works('e');
  expect(limit.add('f')).toBe('c');
});

test('a request that vbmcd works for is not given up for a newcomer', () => {
  const limit = full();
  for (const connection of ['a', 'b', 'c']) limit.works(connection);
  expect(limit.add('d')).toBe('d');
  limit.works('d');
  limit.remove('a');
  expect(limit.add('e')).toBeUndefined();
});

test('what has been closed and speaks all the same takes no place', () => {
  const limit = full();
  expect(limit.add('d')).toBe('a');
  limit.works('a');
  limit.isAnswered('a');
  expect(limit.add('e')).toBe('b');
});
