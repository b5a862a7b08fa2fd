import { readFileSync } from 'node:fs';
import { eventKinds } from '#supervisor/log/event-kinds.ts';

test('docs/api.md names every kind of event, and no other', () => {
  const page = readFileSync('docs/api.md', 'utf8');
  const list = page.slice(page.indexOf('<!-- event kinds -->'), page.indexOf('<!-- end of event kinds -->'));
  const named = [...list.matchAll(/`([A-Za-z]+)`/g)].map(([, name = '']) => name);
  expect(named.toSorted()).toEqual(eventKinds.toSorted());
});

test('each kind is listed once', () => {
  expect(new Set(eventKinds).size).toBe(eventKinds.length);
});
