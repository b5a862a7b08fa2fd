import type { DomainFacts } from '#worker/core/terms/domain-action.ts';
import type { DeviceQuestionKind, DeviceQuestions } from '#worker/core/terms/device-question.ts';

/** What a supervisor and a host in good order answer to each kind of question. */
export const usualAnswers: { readonly [Kind in DeviceQuestionKind]: DeviceQuestions[Kind]['tells'] } = {
  readWallClock: 1_790_000_000,
  readLan: {
    port: 623,
    address: '192.168.24.10',
    subnetMask: '255.255.255.0',
    macAddress: '52:54:00:12:34:56',
    gateway: '192.168.24.1',
  },
  setIdentify: undefined,
  readSensors: { cpuPercent: 37, hasDisk: true },
  readEventLog: {
    version: 1,
    entries: [{ id: 1, at: 1_790_000_000, fact: { kind: 'booted', by: 'start' } }],
    capacity: 512,
    removals: 0,
    hasOverflowed: false,
    time: 1_790_000_000,
    lastAddition: 1_790_000_000,
  },
  addLogRecord: 2,
  deleteLogEntry: 1,
  clearEventLog: undefined,
  setLogTime: undefined,
  readDomainRun: { operatingSeconds: 7_200, startCause: 'command' },
  changeUser: undefined,
  readWatchdog: {
    ...{ use: 'smsOs', action: 'powerCycle', dontLog: false, initialCountdown: 600 },
    ...{ isRunning: true, presentCountdown: 421, expirationFlags: 0 },
  },
  setWatchdog: undefined,
  startWatchdog: true,
};

/** What every action on a domain in good order finds out, and more than any of them. */
export const usualFacts: DomainFacts = {
  domainState: 'running',
  uuid: '12345678-9abc-def0-1122-334455667788',
  inventory: {
    domainName: 'vm-0',
    system: { manufacturer: 'QEMU', product: 'Standard PC (Q35 + ICH9, 2009)', version: 'pc-q35-7.2' },
    chassis: { manufacturer: 'QEMU', version: 'pc-q35-7.2' },
  },
};
