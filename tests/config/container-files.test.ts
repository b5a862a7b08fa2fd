/** The Containerfile makes what `npm run image` makes; the quadlet and the compose file run the image of this version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imagePackages, runConfig } from '../../config/container/image-config.ts';
import { projectVersion } from '../../config/package/checkout.ts';
import { readYaml } from '#support/read-yaml.ts';

function read(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../config/container', name), 'utf8');
}

/** The value of an instruction of the Containerfile. */
function instruction(name: string): string {
  return new RegExp(`^${name} (.*)$`, 'm').exec(read('Containerfile'))?.[1] ?? '';
}

test('the Containerfile says the same as the image about how it is run', () => {
  expect(JSON.parse(instruction('ENTRYPOINT'))).toEqual(runConfig.Entrypoint);
  expect(JSON.parse(instruction('CMD'))).toEqual(runConfig.Cmd);
  expect(instruction('STOPSIGNAL')).toBe(runConfig.StopSignal);
  expect(runConfig.Env).toContain(instruction('ENV'));
  const { Test, Interval, Timeout, StartPeriod, Retries } = runConfig.Healthcheck;
  const [kind, ...command] = Test;
  const seconds = (nanoseconds: number): string => `${nanoseconds / 1e9}s`;
  expect(instruction('HEALTHCHECK')).toBe(
    `--interval=${seconds(Interval)} --timeout=${seconds(Timeout)} --start-period=${seconds(StartPeriod)} ` +
      `--retries=${Retries} ${kind} ${JSON.stringify(command).replace(',', ', ')}`,
  );
});

test('the Containerfile installs the same packages', () => {
  const packages = /apt-get install --yes --no-install-recommends (.*) &&/.exec(read('Containerfile'))?.[1];
  expect(packages?.split(' ')).toEqual(imagePackages);
});

test('the quadlet and the compose file run the image of this version', () => {
  const image = `localhost/vbmc:${projectVersion()}`;
  expect(/^Image=(.*)$/m.exec(read('vbmc.container'))?.[1]).toBe(image);
  expect(readYaml(read('compose.yaml'))).toMatchObject([{ services: { vbmc: { image } } }]);
});

test('a container that ends often is started again, and nobody has to reset a limit', () => {
  const quadlet = read('vbmc.container');
  const [, unit = ''] = /^\[Unit\]$([^]*?)^\[/m.exec(quadlet) ?? [];
  // Its default is to give up after five starts in ten seconds; in [Service] systemd would ignore the line.
  expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
  const [, service = ''] = /^\[Service\]$([^]*?)^\[/m.exec(quadlet) ?? [];
  expect(service).toMatch(/^Restart=always$/m);
  expect(service).toMatch(/^RestartSec=1$/m);
});
