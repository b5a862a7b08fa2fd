import { completionCode, type CompletionCode, type DataCodec } from '@vbmc/ipmi-codec';
import type { ImmediateResult } from '../../terms/result.ts';

/** The data of a response that has a completion code and nothing else. */
export function completionCodeOnly(code: CompletionCode): Uint8Array {
  return Uint8Array.of(completionCode[code]);
}

/** The data of a response: the completion code, and what the command returns if that is 00h. */
export function responseData<Response>(
  codec: DataCodec<Response>,
  result: ImmediateResult<Response>,
): Uint8Array {
  if (result.kind === 'refused') return completionCodeOnly(result.completionCode);
  const value = codec.encode(result.value);
  const data = new Uint8Array(1 + value.length);
  data.set(value, 1);
  return data;
}
