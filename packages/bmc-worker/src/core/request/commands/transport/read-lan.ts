import type { LanFacts } from '../../../terms/lan-facts.ts';
import { limits } from '../../../terms/limits.ts';
import type { ImmediateResult } from '../../../terms/result.ts';
import { afterAnswer, type Bmc, type HandlerResult } from '../handler.ts';
import { settingsOf } from '../settings-of.ts';

/** The result of what the supervisor knows of the network; it is asked once for the many parameters of one `lan print`. */
export function afterReadingLan<Response>(
  { device }: Bmc,
  now: number,
  conclude: (lan: LanFacts) => ImmediateResult<Response>,
): HandlerResult<Response> {
  const settings = settingsOf(device);
  const { lan } = settings;
  if (lan !== undefined && now - lan.askedAt < limits.lanFactsMs) return conclude(lan.facts);
  return afterAnswer({ kind: 'readLan' }, (facts) => {
    settings.lan = { facts, askedAt: now };
    return conclude(facts);
  });
}
