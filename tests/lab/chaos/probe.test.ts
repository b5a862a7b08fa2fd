import { judgeProbe, type ProbeCircumstances } from './probe.ts';

const calm: ProbeCircumstances = { isOn: true, isUndisturbed: true, mayBeStale: false };
const on = { is: 'told', power: 'on' } as const;
const off = { is: 'told', power: 'off' } as const;
const none = { is: 'failed', why: 'C3h' } as const;

test('the truth is right, whatever goes on', () => {
  expect(judgeProbe(on, calm).is).toBe('right');
  expect(judgeProbe(off, { ...calm, isOn: false, isUndisturbed: false }).is).toBe('right');
});

test('no fault excuses a wrong answer, but a frozen vbmcd for a while', () => {
  expect(judgeProbe(off, calm).is).toBe('wrongAnswer');
  expect(judgeProbe(on, { ...calm, isOn: false, isUndisturbed: false }).is).toBe('wrongAnswer');
  expect(judgeProbe(off, { ...calm, isUndisturbed: false, mayBeStale: true }).is).toBe('excused');
});

test('only a BMC that a fault may have hit may fail to answer', () => {
  expect(judgeProbe(none, calm).is).toBe('disturbed');
  expect(judgeProbe(none, { ...calm, isUndisturbed: false }).is).toBe('excused');
});
