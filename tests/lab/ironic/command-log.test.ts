import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLog } from './command-log.ts';

/** Lines of Ironic 21.4 (Debian 12). The second command is for another BMC. */
const OPTIONS = '-U admin -R 1 -N 1 -f /tmp/vbmc-qOs44K/tmp/tmpktn8xvms';
const PREFIX =
  '2026-11-27 22:37:40.326 15980 DEBUG oslo_concurrency.processutils [None req-de01 - - - - - -] CMD';
const SUFFIX = 'execute /usr/lib/python3/dist-packages/oslo_concurrency/processutils.py:422';
const HOST = 'ipmitool -I lanplus -H 127.0.0.1 -L ADMINISTRATOR';
const RECORDED = `${PREFIX} "${HOST} -p 20288 ${OPTIONS} power status" returned: 0 in 0.180s ${SUFFIX}
${PREFIX} "${HOST} -p 30016 ${OPTIONS} power status" returned: 0 in 0.124s ${SUFFIX}
${PREFIX} "${HOST} -p 20288 ${OPTIONS} power on" returned: 1 in 1.064s ${SUFFIX}
Command: ${HOST} -p 20288 ${OPTIONS} power on
Exit code: 1
Stdout: ''
Stderr: 'Unable to set Chassis Power Control to Up/On\\n': oslo_concurrency.processutils.ProcessExecutionError: Unexpected
${PREFIX} "${HOST} -p 20288 ${OPTIONS} raw 0x00 0x08" reached timeout in 10.5s ${SUFFIX}
`;

describe('the log of ipmitool commands', () => {
  const directory = mkdtempSync(join(tmpdir(), 'vbmc-test-'));
  const file = join(directory, 'ironic.log');
  const log = commandLog(file, { address: '127.0.0.1', port: 20_288 });

  beforeEach(() => {
    writeFileSync(file, RECORDED);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('has the commands for the BMC, with their outcome and duration', () => {
    expect(log.commands(0)).toEqual([
      { words: 'power status', outcome: '0', seconds: 0.18 },
      { words: 'power on', outcome: '1', seconds: 1.064 },
      { words: 'raw 0x00 0x08', outcome: 'timeout', seconds: 10.5 },
    ]);
  });

  it('says what ipmitool printed when it last failed', () => {
    expect(log.lastFailure(0)).toBe('ipmitool exit 1: Unable to set Chassis Power Control to Up/On');
  });

  it('leaves out what was logged before a position', () => {
    const since = log.position();
    expect([log.commands(since), log.lastFailure(since), log.text(since)]).toEqual([[], '', '']);
    appendFileSync(file, RECORDED);
    expect(log.text(since)).toBe(RECORDED);
    expect(log.commands(since)).toHaveLength(3);
  });
});
