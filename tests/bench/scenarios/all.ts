import type { Scenario } from '../scenario.ts';
import { floor } from './floor.ts';
import { sessions } from './sessions.ts';
import { status } from './status.ts';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [floor, status, sessions];
