import { modulesOfBundle, sharesOf, type CpuProfile } from './cpu-profile.ts';

function frame(functionName: string, url = '', lineNumber = 0) {
  return { functionName, url, lineNumber };
}

const profile: CpuProfile = {
  startTime: 5_000,
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3, 5] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('receive', 'file:///main.mjs', 3), children: [4] },
    { id: 4, callFrame: frame('update') },
    { id: 5, callFrame: frame('(garbage collector)') },
  ],
  samples: [2, 3, 4, 4, 5, 2, 3],
  // The duration of a sample comes before the next one.
  timeDeltas: [0, 1000, 10, 20, 20, 50, 10],
};

test('idle time does not count, nor what was before and after, and native functions belong to their caller', () => {
  const window = { from: 5_000, to: 6_100 };
  const shares = sharesOf(profile, window, ({ functionName, url }) => {
    if (functionName === '(garbage collector)') return 'garbage collection';
    return url === '' ? undefined : 'codec';
  });
  expect([...shares]).toEqual([
    ['codec', 0.5],
    ['garbage collection', 0.5],
  ]);
});

test('the lines of a bundle tell their source file', () => {
  const moduleOf = modulesOfBundle(
    'import x;\n// packages/a/one.ts\nconst a = 1;\n// packages/b/two.ts\nf();',
  );
  expect([0, 2, 4].map(moduleOf)).toEqual([undefined, 'packages/a/one.ts', 'packages/b/two.ts']);
});
