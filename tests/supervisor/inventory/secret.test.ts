import { format, inspect } from 'node:util';
import { Secret } from '#supervisor/inventory/secret.ts';

const secret = new Secret('geheim');

test('reveals its text when asked to', () => {
  expect(secret.reveal()).toBe('geheim');
});

test.each([
  ['a template string', `${secret.toString()} ${String(secret)}`],
  ['JSON', JSON.stringify({ secret })],
  ['inspect', inspect({ secret }, { showHidden: true, depth: 9 })],
  ['format', format('%s %o %j', secret, secret, secret)],
  ['its own keys', JSON.stringify(Object.entries(secret))],
])('%s does not show it', (_, printed) => {
  expect(printed).not.toContain('geheim');
});
