/** Reads when something was, as people write it. */

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Of an age: a year and more is as good as all. */
const MOST_AGE_MS = 1e11;

/** `90s`, `15m`, `2h`, `1d` before `nowMs`, or a date and time; as ISO 8601 in UTC. */
export function readInstant(text: string, nowMs: number): string | undefined {
  const age = /^([0-9]{1,9})([smhd])$/.exec(text.trim());
  const ageMs = age === null ? undefined : Number(age[1]) * (unitsMs[age[2] ?? ''] ?? 0);
  // Only what begins with a year: Date.parse takes almost anything.
  const parsed = /^[0-9]{4}-/.test(text) ? Date.parse(text) : NaN;
  const atMs = ageMs === undefined ? parsed : nowMs - Math.min(ageMs, MOST_AGE_MS);
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}
