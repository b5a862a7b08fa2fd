/** Options with their type: a command declares them once, and reads typed values. */
import { numberWithin, shown } from '../inventory/field-checks.ts';
import { defined } from '../text/records.ts';
import type { OptionDescription, OptionValue, OptionValues } from './command.ts';
import { UsageError } from './errors.ts';

export interface Option<T> {
  /** As the help shows it: `<file>`; absent for a flag. */
  readonly value?: string;
  readonly description: string;
  readonly defaultValue?: string;
  readonly choices?: readonly string[];
  readonly repeatable?: true;
  /** The letter of its short form. */
  readonly short?: string;
  /** From what the command line has, without the default, to the value. `flag` is for messages. */
  readonly read: (given: OptionValue, flag: string) => T;
}

/** Options by their camelCase name, from which the flag is made: `runDir` is `--run-dir`. */
export type Options = Readonly<Record<string, Option<unknown>>>;

export type ValuesOf<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

export function flag(description: string): Option<boolean> {
  return { description, read: (given) => given === true };
}

export function text(value: string, description: string): Option<string | undefined> {
  return { value, description, read: (given) => (typeof given === 'string' ? given : undefined) };
}

/** All values of an option that may be given several times. */
export function texts(value: string, description: string): Option<readonly string[]> {
  const read = (given: OptionValue): readonly string[] => (typeof given === 'object' ? given : []);
  return { value, description, repeatable: true, read };
}

/** Throws a `UsageError` when it reads anything but a whole number, which may be negative. */
export function wholeNumber(value: string, description: string): Option<number | undefined> {
  return {
    value,
    description,
    read: (given, flagName) => {
      if (typeof given !== 'string') return undefined;
      if (/^[+-]?[0-9]{1,9}$/.test(given)) return Number(given);
      throw new UsageError(`${flagName}: ${shown(given)} is not a whole number`);
    },
  };
}

/** The same option, with a short form. */
export function short<T>(letter: string, option: Option<T>): Option<T> {
  return { ...option, short: letter };
}

export function textOr(defaultValue: string, value: string, description: string): Option<string> {
  const read = (given: OptionValue): string => (typeof given === 'string' ? given : defaultValue);
  return { value, description, defaultValue, read };
}

/** `shown`: the default in words, where it depends on who asks. */
export function textElse(
  fallback: () => string,
  shown: string,
  value: string,
  description: string,
): Option<string> {
  const read = (given: OptionValue): string => (typeof given === 'string' ? given : fallback());
  return { value, description: `${description} (default: ${shown})`, read };
}

export function choice<T extends string>(
  choices: readonly T[],
  value: string,
  description: string,
): Option<T | undefined> {
  return { value, description, choices, read: (given) => choices.find((one) => one === given) };
}

export function choiceOr<T extends string>(
  defaultValue: T,
  choices: readonly T[],
  value: string,
  description: string,
): Option<T> {
  const read = (given: OptionValue): T => choices.find((one) => one === given) ?? defaultValue;
  return { value, description, defaultValue, choices, read };
}

export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  /** What the number is, for messages: `a UDP port`. */
  readonly what: string;
}

/** Throws a `UsageError` when it reads anything but a whole number within the range. */
export function numberOr(
  defaultValue: number,
  { minimum, maximum, what }: NumberRange,
  value: string,
  description: string,
): Option<number> {
  return {
    value,
    description,
    defaultValue: String(defaultValue),
    read: (given = String(defaultValue), flagName) => {
      const number = numberWithin(String(given), minimum, maximum);
      if (number !== undefined) return number;
      throw new UsageError(`${flagName}: ${shown(String(given))} is not ${what} (${minimum}-${maximum})`);
    },
  };
}

export function describeOptions(options: Options): readonly OptionDescription[] {
  return Object.entries(options).map(([name, option]) => {
    const { value, description, defaultValue, choices, repeatable, short: letter } = option;
    const forms = letter === undefined ? flagOf(name) : `-${letter}, ${flagOf(name)}`;
    return {
      flags: value === undefined ? forms : `${forms} ${value}`,
      description,
      ...defined({ defaultValue, choices, repeatable }),
    };
  });
}

export function readOptions<O extends Options>(options: O, given: OptionValues): ValuesOf<O> {
  const values = Object.entries(options).map(([name, { read }]) => [name, read(given[name], flagOf(name))]);
  return Object.fromEntries(values) as ValuesOf<O>;
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
