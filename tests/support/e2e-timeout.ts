import { jest } from '@jest/globals';

// Emulated machines on a busy computer. The limit only ends a test that hangs; the tests' own waits end first and
// say what they waited for. Jest takes a time-out from a setup file only, not from one project's configuration.
jest.setTimeout(300_000);
