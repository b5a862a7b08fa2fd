import type { Scenario } from '../scenario.ts';
import { behindOurBack } from './changes.ts';
import { fleet } from './fleet.ts';
import { floor } from './floor.ts';
import { hang } from './hang.ts';
import { kill } from './kill.ts';
import { libvirtd } from './libvirtd.ts';
import { memory } from './memory.ts';
import { profile } from './profile.ts';
import { sessions } from './sessions.ts';
import { start } from './start.ts';
import { status } from './status.ts';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  floor,
  status,
  sessions,
  memory,
  start,
  fleet,
  kill,
  behindOurBack,
  libvirtd,
  hang,
  profile,
];
