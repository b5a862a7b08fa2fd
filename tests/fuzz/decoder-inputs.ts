import fc from 'fast-check';
import { sealSessionPacketV20, type SessionSecurityV20 } from '@vbmc/ipmi-codec';
import { fromHex } from '#support/hex.ts';
import { readRecording, recordingNames } from '../vectors/recording.ts';
import { accepts } from './decoder-invariants.ts';
import { decoders, fuzzedSecurities, type Decoder } from './decoders.ts';
import { mutate, mutations } from '#support/hostile/mutation.ts';

/**
 * Offsets at which the layers of a datagram begin: RMCP, session header, payload in IPMI 1.5 and 2.0, data of a
 * message.
 */
const layers = [0, 4, 14, 16, 20, 22];

const sealed = fuzzedSecurities.map((security: SessionSecurityV20) => {
  const payload = fromHex('2018c88104380e04b5');
  const outbound = { payloadType: 'ipmiMessage', sessionId: 1, sessionSequenceNumber: 1, payload } as const;
  return sealSessionPacketV20(security, outbound, new Uint8Array(16));
});

/** Datagrams that real clients and a real BMC sent, and each layer of them alone. */
const wellFormed: readonly Uint8Array[] = [
  ...sealed,
  ...recordingNames.flatMap((name) => readRecording(name).datagrams.map(({ hex }) => fromHex(hex))),
].flatMap((datagram) =>
  layers.flatMap((offset) => {
    const rest = datagram.subarray(offset);
    // The second form drops the checksum at the end, which leaves the data of a message.
    return [rest, rest.subarray(0, -1), rest.subarray(0, 5)];
  }),
);

const noise = fc.oneof(
  fc.uint8Array({ maxLength: 24 }),
  fc.uint8Array({ maxLength: 300 }),
  // Requests have few bytes of data, most of them small numbers.
  fc.array(fc.nat(15), { maxLength: 9 }).map((small) => Uint8Array.from(small)),
);

function inputsOf(decoder: Decoder): fc.Arbitrary<Uint8Array> {
  const taken = wellFormed.filter((bytes) => accepts(decoder, bytes));
  if (taken.length === 0) return noise;
  const mutated = fc.tuple(fc.constantFrom(...taken), mutations).map(([bytes, how]) => mutate(bytes, how));
  return fc.oneof(noise, { arbitrary: mutated, weight: 3 });
}

/** A decoder's name and bytes for it: noise, or well-formed bytes with a few mutations. */
export const decoderAndInput: fc.Arbitrary<readonly [string, Uint8Array]> = fc.oneof(
  ...decoders.map((decoder) => fc.tuple(fc.constant(decoder.name), inputsOf(decoder))),
);
