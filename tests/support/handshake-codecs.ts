import {
  decodeOpenSessionRequest,
  decodeOpenSessionResponse,
  decodeRakpMessage1,
  decodeRakpMessage2,
  decodeRakpMessage3,
  decodeRakpMessage4,
  encodeHandshakeRefusal,
  encodeOpenSessionRequest,
  encodeOpenSessionResponse,
  encodeRakpMessage1,
  encodeRakpMessage2,
  encodeRakpMessage3,
  encodeRakpMessage4,
  type CutRakpMessage1,
  type HandshakeRefusal,
  type OpenSessionRequest,
  type PayloadType,
  type RakpMessage1,
} from '@vbmc/ipmi-codec';

/** A codec for a handshake message of any type. `encode` accepts only values that its `decode` returned. */
export interface HandshakeCodec {
  readonly decode: (payload: Uint8Array) => object;
  readonly encode: (message: never) => Uint8Array;
}

interface Accepted {
  readonly status: 'noErrors';
}

function orRefusal<Message extends Accepted>(encode: (message: Message) => Uint8Array) {
  return (message: Message | HandshakeRefusal): Uint8Array =>
    message.status === 'noErrors' ? encode(message) : encodeHandshakeRefusal(message);
}

/** A cut message is one with the same status: without anything after the session id, or with a name that is longer than it. */
function encodeCompleteOrCut(message: RakpMessage1 | CutRakpMessage1): Uint8Array {
  if (!('status' in message)) return encodeRakpMessage1(message);
  const { messageTag, managedSystemSessionId } = message;
  const remoteConsoleRandomNumber = new Uint8Array(16);
  const whole = encodeRakpMessage1({
    ...{ messageTag, managedSystemSessionId, remoteConsoleRandomNumber, role: 0 },
    userName: new Uint8Array(1),
  });
  return whole.subarray(0, message.status === 'invalidNameLength' ? -1 : 8);
}

export const handshakeCodecs: Partial<Record<PayloadType, HandshakeCodec>> = {
  openSessionRequest: {
    decode: decodeOpenSessionRequest,
    encode: (message: OpenSessionRequest | HandshakeRefusal) =>
      'status' in message ? encodeHandshakeRefusal(message) : encodeOpenSessionRequest(message),
  },
  openSessionResponse: { decode: decodeOpenSessionResponse, encode: orRefusal(encodeOpenSessionResponse) },
  rakpMessage1: { decode: decodeRakpMessage1, encode: encodeCompleteOrCut },
  rakpMessage2: { decode: decodeRakpMessage2, encode: orRefusal(encodeRakpMessage2) },
  rakpMessage3: { decode: decodeRakpMessage3, encode: encodeRakpMessage3 },
  rakpMessage4: { decode: decodeRakpMessage4, encode: orRefusal(encodeRakpMessage4) },
};
