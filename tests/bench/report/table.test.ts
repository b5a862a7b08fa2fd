import { ScenarioFindings } from './findings.ts';
import { renderTable } from './table.ts';

test('aligned columns under the name of the scenario, failures at the end', () => {
  const status = new ScenarioFindings('status');
  status.rounds({ what: 'requests', subject: 'vbmc', unit: '/s' }, [20_000, 21_000, 22_000]);
  status.rounds({ what: 'requests', subject: 'peer', unit: '/s' }, [1_000, 1_000, 500]);
  status.ratio(
    'requests',
    { subject: 'vbmc', values: [20_000, 21_000, 22_000] },
    { subject: 'peer', values: [1_000, 1_000, 500] },
  );
  const memory = new ScenarioFindings('memory');
  memory.figure({ what: 'private', subject: 'vbmc', unit: 'MB' }, 9.4567);
  memory.failure('a wrong answer');
  const figures = [...status.figures, ...memory.figures];
  expect(renderTable({ figures, failures: memory.failures })).toBe(`status
  requests  vbmc         21000/s  rounds: 20000, 21000, 22000
  requests  peer          1000/s  rounds: 1000, 1000, 500
  requests  vbmc : peer     21 x  rounds: 20.00, 21.00, 44.00

memory
  private   vbmc         9.46 MB

FAILED memory: a wrong answer
`);
});
