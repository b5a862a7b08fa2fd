/** The archive of an image: its digests are those of its files, and the same layers give the same bytes. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeArchive } from '../../config/container/oci-archive.ts';
import { runProgram } from '../../config/package/run-program.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const NAME = 'localhost/vbmc:1.2.3';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

async function makeArchive(): Promise<string> {
  const directory = temporaryDirectory();
  const layers = ['lower', 'upper'].map((name) => {
    writeFileSync(join(directory, name), `the layer ${name}`);
    return { path: join(directory, name), createdBy: `made ${name}` };
  });
  mkdirSync(join(directory, 'scratch'));
  const archive = join(directory, 'image.tar');
  await writeArchive(archive, {
    ...{ name: NAME, layers, sourceDateEpoch: 1_700_000_000, scratch: join(directory, 'scratch') },
    config: (packed) => ({ rootfs: { diff_ids: packed.map(({ diffId }) => diffId) } }),
  });
  return archive;
}

function unpack(archive: string): (path: string) => Buffer {
  const directory = temporaryDirectory();
  runProgram('tar', ['-xf', archive, '-C', directory]);
  return (path) => readFileSync(join(directory, path));
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

test('every descriptor has the digest and the size of its blob', async () => {
  const read = unpack(await makeArchive());
  const blob = ({ digest, size }: Descriptor): Buffer => {
    const bytes = read(`blobs/${digest.replace(':', '/')}`);
    expect([sha256(bytes), bytes.length]).toEqual([digest, size]);
    return bytes;
  };
  const index = JSON.parse(read('index.json').toString()) as {
    manifests: (Descriptor & { annotations: Record<string, string> })[];
  };
  const [entry] = index.manifests;
  expect(entry?.annotations['org.opencontainers.image.ref.name']).toBe(NAME);
  const manifest = JSON.parse(blob(entry as Descriptor).toString()) as {
    config: Descriptor;
    layers: Descriptor[];
  };
  const layers = manifest.layers.map((layer) => gunzipSync(blob(layer)));
  expect(layers.map(String)).toEqual(['the layer lower', 'the layer upper']);
  // Of the uncompressed layers: a runtime refuses the image otherwise.
  const diffIds = layers.map(sha256);
  expect(JSON.parse(blob(manifest.config).toString())).toEqual({ rootfs: { diff_ids: diffIds } });

  const [forDocker] = JSON.parse(read('manifest.json').toString()) as [{ Config: string; Layers: string[] }];
  expect(forDocker).toMatchObject({ RepoTags: [NAME] });
  expect(sha256(read(forDocker.Config))).toBe(manifest.config.digest);
  expect(forDocker.Layers.map((path) => sha256(read(path)))).toEqual(
    manifest.layers.map(({ digest }) => digest),
  );
});

test('made again, it has the same bytes', async () => {
  const [one, other] = [await makeArchive(), await makeArchive()];
  expect(sha256(readFileSync(one))).toBe(sha256(readFileSync(other)));
});
