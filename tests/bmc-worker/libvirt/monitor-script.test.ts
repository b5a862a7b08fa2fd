import { monitorScript, readReplies } from '#worker/libvirt/monitor-script.ts';

const get = { execute: 'qom-get', arguments: { path: '/machine/peripheral/net0', property: 'bootindex' } };

test('one command for each, with quotes that virsh understands', () => {
  expect(monitorScript(`it's "a"; domain`, [get, { execute: 'stop', arguments: {} }])).toBe(
    `qemu-monitor-command --domain 'it'"'"'s "a"; domain' --cmd '${JSON.stringify(get)}'; ` +
      `qemu-monitor-command --domain 'it'"'"'s "a"; domain' --cmd '{"execute":"stop","arguments":{}}'`,
  );
});

test('the replies, in their order', () => {
  const printed =
    '{"return":-1,"id":"libvirt-414"}\n\n' +
    `{"id":"libvirt-415","error":{"class":"DeviceNotFound","desc":"Device 'x' not found"}}\n\n` +
    '{"return":{},"id":"libvirt-416"}\n\n';
  expect(readReplies(printed, 3)).toEqual([
    { ok: true, value: -1 },
    { ok: false, why: "Device 'x' not found" },
    { ok: true, value: {} },
  ]);
  expect(readReplies('{"error":{}}\n', 1)).toEqual([{ ok: false, why: 'no reason given' }]);
});

test.each([
  ['too few', '{"return":1}\n', 2],
  ['too many', '{"return":1}\n{"return":1}\n', 1],
  ['no JSON', 'error\n', 1],
  ['no reply', '{"event":"RESET"}\n', 1],
  ['no object', '[]\n', 1],
])('%s: none can be assigned to its command', (_what, printed, count) => {
  expect(readReplies(printed, count)).toBeUndefined();
});
