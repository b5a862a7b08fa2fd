/** What the documentation points to exists: pages, anchors, files, verbs, options and npm scripts. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command, OptionDescription, Program } from '#supervisor/cli/command.ts';
import { daemonProgram } from '#supervisor/vbmcd-program.ts';
import { vbmcProgram } from '#supervisor/vbmc-program.ts';
import {
  anchorsOf,
  CHECKOUT,
  inlineCodeOf,
  linksOf,
  readPages,
  type Reference,
} from '#support/docs/pages.ts';
import { isShell } from '#support/docs/block-marks.ts';
import { shellSteps } from '#support/docs/shell-steps.ts';
import { npmScripts } from '#support/docs/suites.ts';

const pages = readPages();

function at({ page, line, text }: Reference): string {
  return `${page}:${line} ${text}`;
}

test('every link within the repository leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page).filter(({ text }) => {
      if (/^[a-z]+:/.test(text)) return false;
      const [file = '', anchor] = text.split('#');
      const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
      if (!existsSync(join(CHECKOUT, path))) return true;
      if (anchor === undefined) return false;
      const linked = pages.find((other) => other.path === path);
      return linked === undefined || !anchorsOf(linked).has(anchor);
    }),
  );
  expect(broken.map(at)).toEqual([]);
});

/** Paths of programs may be shortened at the front: `core/endpoint.ts`. */
const programs = ['packages', 'tests', 'config'].flatMap((folder) =>
  readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|mjs)$/.test(path) && !/(^|\/)(node_modules|dist|types)\//.test(path))
    .map((path) => `${folder}/${path}`),
);
const repositoryPath = /^(packages|config|tests|docs)\/[\w.@/-]+$/;
const programPath = /^[\w./-]+\.(ts|mjs)$/;

function isThere(path: string): boolean {
  if (existsSync(join(CHECKOUT, path))) return true;
  return (
    programPath.test(path) && programs.some((program) => program === path || program.endsWith(`/${path}`))
  );
}

test('every file and folder of the repository that is named exists', () => {
  const named = pages
    .flatMap(inlineCodeOf)
    .filter(({ text }) => repositoryPath.test(text) || programPath.test(text));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ text }) => !isThere(text)).map(at)).toEqual([]);
});

test('docs/architecture.md has a line for every folder of the packages', () => {
  const folders = new Set(
    programs.flatMap((path) => /^packages\/[^/]+\/src\/(.+)\/[^/]+$/.exec(path)?.[1] ?? []),
  );
  const page = pages.find(({ path }) => path === 'docs/architecture.md');
  const explained = (page?.prose ?? []).flatMap(({ text }) => /^\| `([^`]+)` /.exec(text)?.[1] ?? []);
  expect([...folders].filter((folder) => !explained.includes(folder))).toEqual([]);
});

function optionNames(options: readonly OptionDescription[]): readonly string[] {
  return options.flatMap(({ flags }) => flags.match(/--?[a-z][a-z-]*/g) ?? []);
}

function commandsOf({ does }: Program): readonly Command[] {
  return 'commands' in does ? does.commands : [];
}

const commonOptions = ['--help', '--version'];

/** What is wrong with a command line of `vbmc` or `vbmcd`, as written in a page. */
function commandLineProblem(text: string): string | undefined {
  const [program, ...words] = text.split(/\s+/);
  const options = words.map((word) => word.split('=')[0] ?? '').filter((word) => /^--[a-z]/.test(word));
  if (program === 'vbmcd') return unknownOption(options, optionNames(daemonProgram('').options));
  const verbs = words.filter((word, index) => /^[a-z]+$/.test(word) && words[index - 1] !== '--run-dir');
  const command = commandsOf(vbmcProgram).find(({ name }) => name === verbs[0]);
  if (verbs[0] !== undefined && command === undefined) return `there is no verb ${verbs[0]}`;
  return unknownOption(options, [
    ...optionNames(vbmcProgram.options),
    ...optionNames(command?.options ?? []),
  ]);
}

function unknownOption(found: readonly string[], known: readonly string[]): string | undefined {
  const unknown = found.find((option) => !commonOptions.includes(option) && !known.includes(option));
  return unknown && `there is no option ${unknown}`;
}

/** The parts of shell commands and inline code that call our programs. A user and a container are called vbmc too. */
function callsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|(?<!-u|exec|--name)[\s|;&(])(vbmcd?\s[^|;&()<>#'"\n]*)/g)].map(
    ([, call = '']) => call.trim(),
  );
}

const commandLines: readonly Reference[] = pages.flatMap((page) => [
  ...inlineCodeOf(page).filter(({ text }) => /^(sudo (-u vbmc )?)?vbmcd? /.test(text)),
  ...page.blocks
    .filter(isShell)
    .flatMap((block) =>
      shellSteps(block).map(({ command }) => ({ page: page.path, line: block.line, text: command })),
    ),
]);

test('every verb and option of vbmc and vbmcd that is named exists', () => {
  const calls = commandLines.flatMap((reference) =>
    callsOf(reference.text).map((text) => ({ ...reference, text })),
  );
  expect(calls.length).toBeGreaterThan(50);
  const wrong = calls.flatMap((call) => {
    const problem = commandLineProblem(call.text);
    return problem === undefined ? [] : [`${at(call)}: ${problem}`];
  });
  expect(wrong).toEqual([]);
});

test('in a container, the call is what follows the name of the container', () => {
  expect(callsOf('sudo podman exec vbmc vbmc list')).toEqual(['vbmc list']);
  expect(callsOf('podman run --name vbmc image')).toEqual([]);
});

test.each([
  ['vbmc make coffee', 'there is no verb make'],
  ['vbmc list --coffee', 'there is no option --coffee'],
  ['vbmc --run-dir run list --json', undefined],
  ['vbmc add NAME --port=6230', undefined],
  ['vbmcd --write', 'there is no option --write'],
])('%s: %s', (text, problem) => {
  expect(commandLineProblem(text)).toBe(problem);
});

test('every npm script that is named exists', () => {
  const texts = [...pages.flatMap(inlineCodeOf), ...commandLines];
  const missing = texts.filter(({ text }) =>
    [...text.matchAll(/\bnpm run ([a-z0-9:-]+)/g)].some(([, script = '']) => !npmScripts.has(script)),
  );
  expect(missing.map(at)).toEqual([]);
});
