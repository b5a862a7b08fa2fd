import { jest } from '@jest/globals';

// Emulated machines on a busy computer; the tests' own deadlines are shorter and say what they waited for.
// Jest takes a time-out from a setup file only, not from one project's part of its configuration.
jest.setTimeout(60_000);
