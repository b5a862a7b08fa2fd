import { readControlRequest } from '#supervisor/control/control-request.ts';

test.each([
  ['GET', '/v1/bmcs', { kind: 'bmcs' }],
  ['GET', '/v1/bmcs/node-0', { kind: 'bmc', name: 'node-0' }],
  ['GET', '/v1/bmcs/a%2Fb%20%C3%A9.org', { kind: 'bmc', name: 'a/b é.org' }],
  ['GET', '/v1/bmcs/', { kind: 'bmc', name: '' }],
  ['GET', '/v1/status', { kind: 'status' }],
  ['GET', '/v1/events', { kind: 'events', follow: false, filter: { since: 0, kinds: [] }, limit: 100 }],
  [
    'GET',
    '/v1/events?follow=1&since=7&limit=1000',
    { kind: 'events', follow: true, filter: { since: 7, kinds: [] }, limit: 1000 },
  ],
  [
    'GET',
    '/v1/events?bmc=a%20b&level=warn&kind=reloaded&kind=bmcReset&not_before=2026-01-02T03:04:05.000Z',
    {
      kind: 'events',
      follow: false,
      filter: {
        ...{ since: 0, kinds: ['reloaded', 'bmcReset'], bmc: 'a b', level: 'warn' },
        notBefore: '2026-01-02T03:04:05.000Z',
      },
      limit: 100,
    },
  ],
  ['GET', '/v1/sessions', { kind: 'sessions' }],
  ['GET', '/v1/sessions?bmc=a', { kind: 'sessions', bmc: 'a' }],
  [
    'POST',
    '/v1/close_session?bmc=a&session=3-x&by=root%0A',
    { kind: 'closeSession', bmc: 'a', session: '3-x', by: 'root\\u000a' },
  ],
  ['POST', '/v1/reload', { kind: 'reload', allowRemoval: false, removes: [] }],
  [
    'POST',
    '/v1/reload?allow_removal=1&removes=a&removes=b%20c',
    { kind: 'reload', allowRemoval: true, removes: ['a', 'b c'] },
  ],
  ['GET', '/metrics', { kind: 'metrics' }],
])('%s %s', (method, target, request) => {
  expect(readControlRequest(method, target)).toEqual(request);
});

test.each([
  ['GET', '/', 404],
  ['GET', '/toString', 404],
  ['GET', '', 404],
  ['GET', '/v1/reload', 405],
  ['POST', '/v1/bmcs', 405],
  ['POST', '/v1/reload?allow_removal=yes', 400],
  ['DELETE', '/v1/bmcs/node-0', 405],
  ['GET', '/v1/bmcs/%ff', 400],
  ['GET', '/v1/bmcs?x=1', 400],
  ['GET', '/v1/events?follow=yes', 400],
  ['GET', '/v1/events?since=-1', 400],
  ['GET', '/v1/events?limit=1001', 400],
  ['GET', '/v1/events?level=fatal', 400],
  ['GET', '/v1/events?kind=reloaded&kind=nosuch', 400],
  ['GET', '/v1/events?kind=', 400],
  ['GET', '/v1/events?not_before=yesterday', 400],
  ['GET', '/v1/close_session?bmc=a&session=1', 405],
  ['POST', '/v1/close_session?bmc=a', 400],
  ['POST', '/v1/close_session?session=1', 400],
  ['GET', '/v1/events?limit=1e3', 400],
  ['GET', '/v1/events?__proto__=1', 400],
])('%s %s is refused with %d', (method, target, status) => {
  expect(readControlRequest(method, target)).toMatchObject({ kind: 'refused', status });
});
