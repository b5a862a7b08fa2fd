import { UsageError } from '#supervisor/cli/errors.ts';
import {
  choice,
  choiceOr,
  describeOptions,
  flag,
  numberOr,
  readOptions,
  text,
  textOr,
} from '#supervisor/cli/options.ts';

const options = {
  json: flag('print JSON'),
  runDir: textOr('/run/vbmc', '<dir>', 'where'),
  libvirtUri: text('<uri>', 'which'),
  colour: choice(['red', 'blue'], '<name>', 'the colour'),
  level: choiceOr('info', ['info', 'debug'], '<level>', 'how much'),
  last: numberOr(50, { minimum: 1, maximum: 1000, what: 'a number of events' }, '<n>', 'how many'),
};

test('the flag of an option is made from its name', () => {
  expect(describeOptions(options)).toEqual([
    { flags: '--json', description: 'print JSON' },
    { flags: '--run-dir <dir>', description: 'where', defaultValue: '/run/vbmc' },
    { flags: '--libvirt-uri <uri>', description: 'which' },
    { flags: '--colour <name>', description: 'the colour', choices: ['red', 'blue'] },
    {
      flags: '--level <level>',
      description: 'how much',
      defaultValue: 'info',
      choices: ['info', 'debug'],
    },
    { flags: '--last <n>', description: 'how many', defaultValue: '50' },
  ]);
});

test('options that are not given have their default', () => {
  expect(readOptions(options, {})).toEqual({
    json: false,
    runDir: '/run/vbmc',
    libvirtUri: undefined,
    colour: undefined,
    level: 'info',
    last: 50,
  });
});

test('options that are given have their value', () => {
  const given = {
    json: true,
    runDir: '/x',
    libvirtUri: 'test:///y',
    colour: 'red',
    level: 'debug',
    last: '7',
  };
  expect(readOptions(options, given as typeof given & { json: true })).toEqual({ ...given, last: 7 });
});

test.each(['0', '1001', 'many', '', '-1', '1.5'])(
  'a number outside of the range is a usage error: %j',
  (last) => {
    expect(() => readOptions(options, { last })).toThrow(UsageError);
    expect(() => readOptions(options, { last: '0' })).toThrow('--last: 0 is not a number of events (1-1000)');
  },
);
