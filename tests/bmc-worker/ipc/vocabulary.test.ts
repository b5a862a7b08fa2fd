/** A new name in one table does not compile until every place that decides something about it has been extended. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WORKER = 'packages/bmc-worker/src';
const SUPERVISOR = 'packages/supervisor/src';

/** `line`, which adds `name`, goes into `table` after the text `after`; each file of `places` must then fail. */
interface Addition {
  readonly what: string;
  readonly table: string;
  readonly after: string;
  readonly line: string;
  readonly name: string;
  readonly places: readonly string[];
}

const additions: readonly Addition[] = [
  {
    what: 'failure kind',
    table: `${WORKER}/core/terms/domain-action.ts`,
    after: 'export const domainFailureKinds = [',
    line: "'newFailure',",
    name: 'newFailure',
    places: [`${WORKER}/core/terms/domain-failure.ts`, `${WORKER}/libvirt/virsh-error.ts`],
  },
  {
    what: 'domain state',
    table: `${WORKER}/core/terms/domain-action.ts`,
    after: 'export const domainStates = [',
    line: "'newState',",
    name: 'newState',
    places: [`${WORKER}/core/domain/power-state.ts`],
  },
  {
    what: 'counter',
    table: `${WORKER}/core/terms/bmc-figures.ts`,
    after: 'export const bmcCounters = [',
    line: "'newCounter',",
    name: 'newCounter',
    places: [
      `${WORKER}/core/endpoint.ts`,
      `${SUPERVISOR}/metrics/figure-metrics.ts`,
      `${SUPERVISOR}/cli/commands/render-detail.ts`,
    ],
  },
  {
    what: 'gauge',
    table: `${WORKER}/core/terms/bmc-figures.ts`,
    after: 'export const bmcGauges = [',
    line: "'newGauge',",
    name: 'newGauge',
    places: [`${WORKER}/core/endpoint.ts`, `${SUPERVISOR}/metrics/figure-metrics.ts`],
  },
  {
    what: 'event kind',
    table: `${WORKER}/core/terms/bmc-event.ts`,
    after: 'export const bmcEventFields = {',
    line: "newEvent: { source: 'shortText' },",
    name: 'newEvent',
    places: [
      `${SUPERVISOR}/metrics/metrics.ts`,
      `${SUPERVISOR}/status/bmc-history.ts`,
      `${SUPERVISOR}/status/event-text.ts`,
    ],
  },
  {
    what: 'cause of a session end',
    table: `${WORKER}/core/terms/bmc-event.ts`,
    after: 'export const closeCauses = [',
    line: "'newCause',",
    name: 'newCause',
    places: [`${SUPERVISOR}/status/event-text.ts`],
  },
];

const places = [...new Set(additions.flatMap(({ places: files }) => files))];

function compilerOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'packages/tsconfig.base.json');
  const { config } = ts.parseConfigFileTextToJson(path, readFileSync(path, 'utf8')) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
  return { ...options, composite: false, emitDeclarationOnly: false, noEmit: true };
}

/** What the compiler reports in each of `places`, with the additions in the real tables. */
function complaints(): ReadonlyMap<string, string> {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, languageVersion) => {
    const here = additions.filter(({ table }) => path === join(ROOT, table));
    if (here.length === 0) return getSourceFile(path, languageVersion);
    return ts.createSourceFile(path, here.reduce(withAddition, readFileSync(path, 'utf8')), languageVersion);
  };
  const program = ts.createProgram(
    places.map((path) => join(ROOT, path)),
    options,
    host,
  );
  return new Map(
    places.map((path) => [
      path,
      program
        .getSemanticDiagnostics(program.getSourceFile(join(ROOT, path)))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
        .join('\n'),
    ]),
  );
}

function withAddition(text: string, { after, line }: Addition): string {
  const parts = text.split(after);
  if (parts.length !== 2) throw new Error(`the table has ${after} ${parts.length - 1} times`);
  return parts.join(`${after}\n  ${line}`);
}

// The compiler checks the tree without additions in `npm run types`, so a complaint with the new name is due to it.
const found = complaints();

test.each(
  additions.flatMap(({ what, name, places: files }) => files.map((file) => [what, name, file] as const)),
)('a new %s does not compile until %s is in %s', (_, name, file) => {
  expect(found.get(file)).toContain(name);
});
