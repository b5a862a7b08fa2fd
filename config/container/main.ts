/** `npm run image`: dist/vbmc-VERSION-amd64.oci.tar, for `podman load` and `docker load`. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { provideNode } from '../package/bundled-node.ts';
import { inCheckout, projectVersion } from '../package/checkout.ts';
import { sourceDate } from '../package/source-date.ts';
import { makeDebianLayer, SUITE } from './debian-layer.ts';
import { imageConfig, imagePackages } from './image-config.ts';
import { writeArchive } from './oci-archive.ts';
import { makeOwnLayer } from './own-layer.ts';

const USAGE = `npm run image [-- --version VERSION] [--directory DIR]

Makes the image localhost/vbmc:VERSION in dist/. Its files get the time SOURCE_DATE_EPOCH, or that of the last commit.
`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function megabytes(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(1)} MB`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { version: { type: 'string' }, directory: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const version = values.version ?? projectVersion();
  const directory = values.directory ?? inCheckout('dist');
  const sourceDateEpoch = sourceDate();
  const node = provideNode(print);
  const scratch = mkdtempSync(join(tmpdir(), 'vbmc-image-'));
  try {
    const [debian, own] = [join(scratch, 'debian.tar'), join(scratch, 'own.tar')];
    print(`unpacking Debian's packages (${SUITE}) …`);
    makeDebianLayer(debian, sourceDateEpoch);
    makeOwnLayer(own, { version, node, sourceDateEpoch });
    print(
      `unpacked: Debian ${megabytes(debian)}, vbmc with Node.js ${node.version} ${megabytes(own)}; compressing …`,
    );
    mkdirSync(directory, { recursive: true });
    const file = join(directory, `vbmc-${version}-amd64.oci.tar`);
    await writeArchive(file, {
      name: `localhost/vbmc:${version}`,
      layers: [
        { path: debian, createdBy: `mmdebstrap ${SUITE} with ${imagePackages.join(', ')}` },
        { path: own, createdBy: `vbmc ${version}` },
      ],
      config: (layers) => imageConfig({ version, sourceDateEpoch }, layers),
      sourceDateEpoch,
      scratch: mkdtempSync(join(scratch, 'archive-')),
    });
    print(`${file} (${megabytes(file)})`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
