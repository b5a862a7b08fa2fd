import { overrideNamespace } from '#worker/libvirt/override-summary.ts';
import { OVERRIDE_NAMESPACE, readSurvey, surveyCommands } from '#supervisor/domain-watch/override-answers.ts';

const [a, b] = ['3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11', '4f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11'];
const uuids = [a, b];
const element = ['<bootOverride id="x" device="pxe">', '  <original/>', '</bootOverride>'];
const noElement = 'error: metadata not found: Requested metadata element is not present';

const survey = (lines: readonly string[], complaints: readonly string[] = []) =>
  Object.fromEntries(readSurvey(uuids, lines, complaints));

test('asks for the element that the worker writes', () => {
  expect(OVERRIDE_NAMESPACE).toBe(overrideNamespace);
  expect(surveyCommands([a])).toBe(
    `echo "${a}\n"; metadata --domain ${a} --uri ${overrideNamespace} --config; echo "surveyed\n"`,
  );
});

test.each<[what: string, lines: readonly string[], complaints: readonly string[], elements: object]>([
  ['none', [a, b, 'surveyed'], [noElement, noElement], { [a]: '', [b]: '' }],
  ['one', [a, ...element, b, 'surveyed'], [noElement], { [a]: element.join('\n'), [b]: '' }],
  ['the last', [a, b, ...element, 'surveyed'], [noElement], { [a]: '', [b]: element.join('\n') }],
  [
    'a domain that is gone',
    [a, ...element, b, 'surveyed'],
    ["error: failed to get domain 'b'"],
    { [a]: element.join('\n') },
  ],
  ['no connection', [], ['error: failed to connect to the hypervisor'], {}],
  ['libvirt lost on the way', [a, ...element, b], [noElement], { [a]: element.join('\n') }],
  ['libvirt lost on the way, nothing found', [a, b], [noElement], {}],
])('%s', (_what, lines, complaints, elements) => {
  expect(survey(lines, complaints)).toEqual(elements);
});
