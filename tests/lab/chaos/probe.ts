/** Judges what a BMC answers to a question for the power status while nobody changes the domain. Pure. */

export type ProbeAnswer =
  | { readonly is: 'told'; readonly power: 'on' | 'off' }
  /** A completion code, or none. */
  | { readonly is: 'failed'; readonly why: string };

export interface ProbeCircumstances {
  /** By libvirt. */
  readonly isOn: boolean;
  /** No fault can have hit this BMC. */
  readonly isUndisturbed: boolean;
  /** The supervisor may have been unable to report what has changed. */
  readonly mayBeStale: boolean;
}

export type ProbeVerdict =
  { readonly is: 'right' | 'excused' } | { readonly is: 'wrongAnswer' | 'disturbed'; readonly what: string };

export function judgeProbe(answer: ProbeAnswer, circumstances: ProbeCircumstances): ProbeVerdict {
  const { isOn, isUndisturbed, mayBeStale } = circumstances;
  if (answer.is === 'failed') {
    if (!isUndisturbed) return { is: 'excused' };
    return { is: 'disturbed', what: `no fault has hit this BMC, and it answers: ${answer.why}` };
  }
  if ((answer.power === 'on') === isOn) return { is: 'right' };
  if (mayBeStale) return { is: 'excused' };
  return {
    is: 'wrongAnswer',
    what: `the BMC says ${answer.power}, and the domain is ${isOn ? 'on' : 'off'}`,
  };
}
