import { readSurvey, surveyCommands } from '#supervisor/domain-watch/override-answers.ts';

const [A, B] = ['3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11', '4f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11'];
const uuids = [A, B];
const element = ['<bootOverride id="x" device="pxe">', '  <original/>', '</bootOverride>'];
const NO_ELEMENT = 'error: metadata not found: Requested metadata element is not present';

function survey(lines: readonly string[], complaints: readonly string[] = []) {
  return Object.fromEntries(readSurvey(uuids, lines, complaints));
}

test('asks for the element that the worker writes', () => {
  expect(surveyCommands([A])).toBe(
    `echo "${A}\n"; metadata --domain ${A} --uri urn:x-vbmc:boot-override:1 --config; echo "surveyed\n"`,
  );
});

test.each<[what: string, lines: readonly string[], complaints: readonly string[], elements: object]>([
  ['none', [A, B, 'surveyed'], [NO_ELEMENT, NO_ELEMENT], { [A]: '', [B]: '' }],
  ['one', [A, ...element, B, 'surveyed'], [NO_ELEMENT], { [A]: element.join('\n'), [B]: '' }],
  ['the last', [A, B, ...element, 'surveyed'], [NO_ELEMENT], { [A]: '', [B]: element.join('\n') }],
  [
    'a domain that is gone',
    [A, ...element, B, 'surveyed'],
    ["error: failed to get domain 'b'"],
    { [A]: element.join('\n') },
  ],
  ['no connection', [], ['error: failed to connect to the hypervisor'], {}],
  ['libvirt lost on the way', [A, ...element, B], [NO_ELEMENT], { [A]: element.join('\n') }],
  ['libvirt lost on the way, nothing found', [A, B], [NO_ELEMENT], {}],
])('%s', (_what, lines, complaints, elements) => {
  expect(survey(lines, complaints)).toEqual(elements);
});
