import { readFileSync } from 'node:fs';
import { bmcEventFields } from '#worker/core/terms/bmc-event.ts';
import { counterMetrics, gaugeMetrics } from '#supervisor/metrics/figure-metrics.ts';

function page(name: string): string {
  return readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8');
}

test.each(Object.keys(bmcEventFields))('docs/api.md lists the event %s', (kind) => {
  expect(page('api')).toContain(`\`${kind}\``);
});

const metrics = [
  ...Object.values(gaugeMetrics).map(({ name }) => [name]),
  ...Object.values(counterMetrics).map(({ name, cause }) => (cause === undefined ? [name] : [name, cause])),
];

test.each(metrics.map((names) => names.join(' ')))('docs/metrics.md lists %s', (names) => {
  for (const name of names.split(' ')) expect(page('metrics')).toContain(`\`${name}\``);
});
