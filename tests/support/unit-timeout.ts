import { jest } from '@jest/globals';

// Jest's default of 5 s would measure the machine: on a busy one, a test that edits files 20 times takes longer.
jest.setTimeout(120_000);
