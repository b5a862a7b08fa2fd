import type { DeviceQuestionKind, DeviceQuestions } from '#worker/core/terms/device-question.ts';

/** What a supervisor and a host in good order answer to each kind of question. */
export const usualAnswers: { readonly [Kind in DeviceQuestionKind]: DeviceQuestions[Kind]['tells'] } = {
  readWallClock: 1_790_000_000,
  setIdentify: undefined,
  readSensors: { cpuPercent: 37, hasDisk: true },
};
