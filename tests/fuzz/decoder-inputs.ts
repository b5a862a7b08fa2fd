import fc from 'fast-check';
import { sealSessionPacketV20, type SessionSecurityV20 } from '@vbmc/ipmi-codec';
import { fromHex } from '#support/hex.ts';
import { readRecording, recordingNames } from '../vectors/recording.ts';
import { takes } from './decoder-invariants.ts';
import { decoders, fuzzedSecurities, type Decoder } from './decoders.ts';
import { mutate, mutations } from './mutation.ts';

/** Where the layers of a datagram begin: RMCP, session header, payload of either kind of session, data of a message. */
const layers = [0, 4, 14, 16, 20, 22];

const sealed = fuzzedSecurities.map((security: SessionSecurityV20) => {
  const payload = fromHex('2018c88104380e04b5');
  const outbound = { payloadType: 'ipmiMessage', sessionId: 1, sessionSequenceNumber: 1, payload } as const;
  return sealSessionPacketV20(security, outbound, new Uint8Array(16));
});

/** What real clients and a real BMC sent, and each part of it by itself. */
const wellFormed: readonly Uint8Array[] = [
  ...sealed,
  ...recordingNames.flatMap((name) => readRecording(name).datagrams.map(({ hex }) => fromHex(hex))),
].flatMap((datagram) =>
  layers.flatMap((offset) => {
    const rest = datagram.subarray(offset);
    // Without the checksum at its end it is the data of a message.
    return [rest, rest.subarray(0, -1), rest.subarray(0, 5)];
  }),
);

const noise = fc.oneof(
  fc.uint8Array({ maxLength: 24 }),
  fc.uint8Array({ maxLength: 300 }),
  // Commands take few bytes, and most of them small numbers.
  fc.array(fc.nat(15), { maxLength: 9 }).map((small) => Uint8Array.from(small)),
);

function inputsOf(decoder: Decoder): fc.Arbitrary<Uint8Array> {
  const taken = wellFormed.filter((bytes) => takes(decoder, bytes));
  if (taken.length === 0) return noise;
  const mutated = fc.tuple(fc.constantFrom(...taken), mutations).map(([bytes, how]) => mutate(bytes, how));
  return fc.oneof(noise, { arbitrary: mutated, weight: 3 });
}

/** A decoder's name and bytes for it: noise, or well-formed ones that were changed a little. */
export const decoderAndInput: fc.Arbitrary<readonly [string, Uint8Array]> = fc.oneof(
  ...decoders.map((decoder) => fc.tuple(fc.constant(decoder.name), inputsOf(decoder))),
);
