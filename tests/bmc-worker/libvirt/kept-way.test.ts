/** A virsh by the connection that vbmcd keeps: real programs in the place of virsh. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeptWay } from '#worker/libvirt/kept-way.ts';
import { createVirsh } from '#worker/libvirt/virsh.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { waitFor } from '#support/wait-for.ts';

const OWN = 'qemu+ssh://hv1/system';
const KEPT = 'qemu+unix:///system?socket=%2Fk%2F1';
const NEXT = 'qemu+unix:///system?socket=%2Fk%2F2';

/** A virsh that notes its URI, and of whose URIs only these answer. */
function bench(...answering: readonly string[]) {
  const directory = temporaryDirectory();
  const program = join(directory, 'virsh');
  const noted = join(directory, 'uris');
  const script = [
    '#!/bin/sh',
    `echo "$3" >> ${noted}`,
    `case "$3" in ${['none', ...answering].map((uri) => `'${uri}'`).join('|')}) echo running;;`,
    "*) echo 'error: failed to connect to the hypervisor' >&2; echo 'error: End of file while reading data' >&2; exit 1;; esac",
  ];
  writeFileSync(program, `${script.join('\n')}\n`);
  chmodSync(program, 0o755);
  writeFileSync(noted, '');
  const keptWay = new KeptWay();
  const virsh = createVirsh({ connectionUri: OWN, program, keptWay });
  return { virsh, keptWay, uris: () => readFileSync(noted, 'utf8').split('\n').slice(0, -1) };
}

test('goes by the kept connection', async () => {
  const { virsh, keptWay, uris } = bench(KEPT);
  keptWay.take({ outlook: 'standing', connectionUri: KEPT });
  expect(await virsh('domstate')).toMatchObject({ ok: true });
  expect(uris()).toEqual([KEPT]);
});

test('waits for a connection that is being made', async () => {
  const { virsh, keptWay, uris } = bench(KEPT);
  keptWay.take({ outlook: 'coming' });
  const asked = virsh('domstate');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(uris()).toEqual([]);
  keptWay.take({ outlook: 'standing', connectionUri: KEPT });
  expect(await asked).toMatchObject({ ok: true });
  expect(uris()).toEqual([KEPT]);
});

test('connects by itself when there is none, or none comes of it', async () => {
  const { virsh, keptWay, uris } = bench(OWN);
  keptWay.take({ outlook: 'coming' });
  const asked = virsh('domstate');
  keptWay.take({ outlook: 'none' });
  expect(await asked).toMatchObject({ ok: true });
  expect(uris()).toEqual([OWN]);
});

test('connects by itself when it cannot connect by the kept connection, and tells its own failure', async () => {
  const { virsh, keptWay, uris } = bench(OWN);
  keptWay.take({ outlook: 'standing', connectionUri: KEPT });
  expect(await virsh('domstate')).toMatchObject({ ok: true });
  expect(uris()).toEqual([KEPT, OWN]);
  const nowhere = bench();
  nowhere.keptWay.take({ outlook: 'standing', connectionUri: KEPT });
  expect(await nowhere.virsh('domstate')).toMatchObject({ ok: false, notBegun: true });
  expect(nowhere.uris()).toEqual([KEPT, OWN]);
});

test('goes by the next kept connection when the one it has used is gone', async () => {
  const { virsh, keptWay, uris } = bench(NEXT);
  keptWay.take({ outlook: 'standing', connectionUri: KEPT });
  const asked = virsh('domstate');
  keptWay.take({ outlook: 'coming' });
  keptWay.take({ outlook: 'standing', connectionUri: KEPT });
  await waitFor('the first virsh', () => uris().length === 1, { intervalMs: 5 });
  keptWay.take({ outlook: 'coming' });
  setTimeout(() => {
    keptWay.take({ outlook: 'standing', connectionUri: NEXT });
  }, 20);
  expect(await asked).toMatchObject({ ok: true });
  expect(uris()).toEqual([KEPT, NEXT]);
});

test('is not started when it is called off while it waits', async () => {
  const { virsh, keptWay, uris } = bench(KEPT);
  keptWay.take({ outlook: 'coming' });
  const off = new AbortController();
  const asked = virsh('domstate', [], { signal: off.signal });
  setTimeout(() => {
    off.abort();
  }, 20);
  expect(await asked).toMatchObject({ ok: false, notBegun: true, failure: { kind: 'calledOff' } });
  expect(uris()).toEqual([]);
  keptWay.take({ outlook: 'standing', connectionUri: KEPT });
  expect(await virsh('domstate')).toMatchObject({ ok: true });
});
