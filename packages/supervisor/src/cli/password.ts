/** Reads and generates passwords for the command line. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { namingFile } from '../host/error-code.ts';
import { Refusal } from '../host/operator-error.ts';

/** Without characters that look alike, and without those that a shell or an INI file treats specially. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
/** 57^16 is more than 2^93; IPMI 1.5 carries no more than 16 bytes. */
const GENERATED_LENGTH = 16;
const STANDARD_INPUT = 0;

export function generatePassword(): string {
  return Array.from({ length: GENERATED_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** `-` means a line on standard input, which keeps the password out of the process list and the shell history. */
export function givenPassword(option: string, readInput = readStandardInput): string {
  if (option !== '-') return option;
  const text = readInput().replace(/\r?\n$/, '');
  if (text === '') {
    const remedy = 'pipe one in, or use --generate-password';
    throw new Refusal('there is no password on standard input', { remedy });
  }
  return text;
}

function readStandardInput(): string {
  try {
    return readFileSync(STANDARD_INPUT, 'utf8');
  } catch (error) {
    throw namingFile(error, 'standard input');
  }
}
