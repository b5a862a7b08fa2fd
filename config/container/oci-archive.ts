/**
 * Writes an image into one tar that is both an OCI archive (https://github.com/opencontainers/image-spec, image-layout) and one for
 * `docker load`, which reads manifest.json and finds its files among the blobs of the OCI layout.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { runProgram } from '../package/run-program.ts';

const MEDIA_TYPE = 'application/vnd.oci.image';

/** An uncompressed tar, and the words for its line in the image's history. */
export interface LayerFile {
  readonly path: string;
  readonly createdBy: string;
}

export interface ArchiveOptions {
  /** `localhost/vbmc:0.1.0` */
  readonly name: string;
  readonly layers: readonly LayerFile[];
  /** Makes the configuration of the digests of the layers. */
  readonly config: (layers: readonly { readonly diffId: string; readonly createdBy: string }[]) => object;
  readonly sourceDateEpoch: number;
  /** An empty directory. */
  readonly scratch: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The same layers and options give the same bytes. */
export async function writeArchive(file: string, options: ArchiveOptions): Promise<void> {
  const { name, layers, config, sourceDateEpoch, scratch } = options;
  const blobs = join(scratch, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const packed = [];
  for (const { path, createdBy } of layers) {
    const diffId = await digestOf(path);
    packed.push({ diffId, createdBy, descriptor: await addLayer(blobs, path) });
  }
  const configuration = addJson(blobs, `${MEDIA_TYPE}.config.v1+json`, config(packed));
  const manifest = addJson(blobs, `${MEDIA_TYPE}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${MEDIA_TYPE}.manifest.v1+json`,
    config: configuration,
    layers: packed.map(({ descriptor }) => descriptor),
  });
  const annotations = { 'org.opencontainers.image.ref.name': name, 'io.containerd.image.name': name };
  writeJson(join(scratch, 'oci-layout'), { imageLayoutVersion: '1.0.0' });
  writeJson(join(scratch, 'index.json'), {
    schemaVersion: 2,
    mediaType: `${MEDIA_TYPE}.index.v1+json`,
    manifests: [{ ...manifest, annotations }],
  });
  writeJson(join(scratch, 'manifest.json'), [
    {
      Config: blobPath(configuration),
      RepoTags: [name],
      Layers: packed.map(({ descriptor }) => blobPath(descriptor)),
    },
  ]);
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mode=a=rX,u+w'];
  const order = ['--sort=name', `--mtime=@${sourceDateEpoch}`, '--format=gnu'];
  const members = ['oci-layout', 'index.json', 'manifest.json', 'blobs'];
  runProgram('tar', [...order, ...owner, '-C', scratch, '-cf', file, ...members]);
}

function blobPath({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

async function addLayer(blobs: string, path: string): Promise<Descriptor> {
  const compressed = join(blobs, 'compressing');
  // Node writes no name and no time into it.
  await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(compressed));
  const digest = await digestOf(compressed);
  const blob = join(blobs, digest.replace('sha256:', ''));
  renameSync(compressed, blob);
  return { mediaType: `${MEDIA_TYPE}.layer.v1.tar+gzip`, digest, size: statSync(blob).size };
}

function addJson(blobs: string, mediaType: string, content: object): Descriptor {
  const text = JSON.stringify(content);
  const hash = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(blobs, hash), text);
  return { mediaType, digest: `sha256:${hash}`, size: Buffer.byteLength(text) };
}

function writeJson(path: string, content: object): void {
  writeFileSync(path, JSON.stringify(content));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}`;
}
