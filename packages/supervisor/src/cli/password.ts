/** Passwords as the command line takes and makes them. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Refusal } from '../host/operator-error.ts';

/** Nothing that looks like something else, and nothing that a shell or an INI file reads differently. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
/** 57^16 is more than 2^93; IPMI 1.5 carries no more than 16 bytes. */
const GENERATED_LENGTH = 16;
const STANDARD_INPUT = 0;

export function generatePassword(): string {
  return Array.from({ length: GENERATED_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** `-` stands for a line on standard input, so that the password is in no process list and no history. */
export function givenPassword(option: string, readInput = readStandardInput): string {
  if (option !== '-') return option;
  const text = readInput().replace(/\r?\n$/, '');
  if (text === '')
    throw new Refusal('there is no password on standard input: pipe one in, or use --generate-password');
  return text;
}

function readStandardInput(): string {
  return readFileSync(STANDARD_INPUT, 'utf8');
}
