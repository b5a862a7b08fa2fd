import type { Scenario } from '../scenario.ts';
import { fleet } from './fleet.ts';
import { floor } from './floor.ts';
import { kill } from './kill.ts';
import { memory } from './memory.ts';
import { sessions } from './sessions.ts';
import { start } from './start.ts';
import { status } from './status.ts';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [floor, status, sessions, memory, start, fleet, kill];
