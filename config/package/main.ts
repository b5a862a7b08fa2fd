/** `npm run package`: dist/vbmc_VERSION_amd64.deb and dist/vbmc-VERSION-1.x86_64.rpm. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { provideNode } from './bundled-node.ts';
import { inCheckout, projectVersion } from './checkout.ts';
import { makePackages, packageFormats } from './make-packages.ts';
import { sourceDate } from './source-date.ts';

const USAGE = `npm run package [-- --format deb|rpm] [--version VERSION] [--directory DIR]

Without --format it makes both, in dist/. Their files get the time SOURCE_DATE_EPOCH, or that of the last commit.
`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      format: { type: 'string', multiple: true },
      version: { type: 'string' },
      directory: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const wanted = values.format ?? packageFormats;
  const formats = packageFormats.filter((format) => wanted.includes(format));
  const directory = values.directory ?? inCheckout('dist');
  const version = values.version ?? projectVersion();
  const node = provideNode(print);
  mkdirSync(directory, { recursive: true });
  print(`packing vbmc ${version} with Node.js ${node.version} …`);
  const sourceDateEpoch = sourceDate();
  for (const file of makePackages({ version, node, sourceDateEpoch, directory, formats })) {
    const megabytes = (statSync(file).size / 1e6).toFixed(1);
    print(`${sha256(file)}  ${file} (${megabytes} MB)`);
  }
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

main();
