/** A `GET` whose answer is one JSON object. */
import { printable } from '../text/printable.ts';
import { exchange } from './control-client.ts';
import { ControlFailure } from './control-failure.ts';
import { exitCodes } from './exit-code.ts';

/** The answer, when it is an object with at least these `keys`. Throws `ControlFailure`, also for a refusal. */
export async function fetchJson<T extends object>(
  runDirectory: string,
  path: string,
  keys: readonly (keyof T & string)[],
): Promise<T> {
  const { status, body } = await exchange(runDirectory, 'GET', path);
  const answer = parse(body);
  if (status === 200 && keys.every((key) => Object.hasOwn(answer, key))) return answer as T;
  const said = 'error' in answer && typeof answer.error === 'string' ? answer.error : body.trim();
  const what =
    status === 200
      ? 'vbmcd gave an answer of unknown shape: are vbmc and vbmcd of one version?'
      : printable(said, 500);
  throw new ControlFailure(what, exitCodes.failed);
}

function parse(body: string): object {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {};
  }
}
