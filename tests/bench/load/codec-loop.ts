/** What one request costs in cryptography and codec, without network and BMC: loops in a process of their own. */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import {
  BMC_SLAVE_ADDRESS,
  cipherSuites,
  decodeIpmiMessage,
  decodeRmcpPacket,
  decodeSessionPacketV20,
  encodeIpmiMessage,
  getChassisStatus,
  INITIALIZATION_VECTOR_LENGTH,
  openSessionPacketV20,
  REMOTE_CONSOLE_ADDRESS,
  responseTo,
  sealSessionPacketV20,
  SessionSecurityV20,
  type CipherSuiteId,
} from '@vbmc/ipmi-codec';

export interface CodecLoopJob {
  readonly cipherSuiteId: CipherSuiteId;
  readonly seconds: number;
}

/** Microseconds for each request. */
export interface CodecLoopResult {
  /** HMAC twice, AES encryption and decryption, a random initialization vector: node:crypto alone, on as many bytes. */
  readonly cryptographyUs: number;
  /** With the codec: decode, verify and decrypt the request; encode, encrypt and sign the answer. */
  readonly codecUs: number;
}

/** From the authentication type to the next header, in a Get Chassis Status request and in its answer. */
const AUTHENTICATED_LENGTH = 48;
/** Both messages fit one block. */
const ENCRYPTED_LENGTH = 16;
const SESSION_ID = 0x01020304;

function cryptographyOf(cipherSuiteId: CipherSuiteId): () => void {
  const hash = cipherSuites[cipherSuiteId].integrity === 'hmacSha1_96' ? 'sha1' : 'sha256';
  const k1 = createSecretKey(randomBytes(20));
  const k2 = createSecretKey(randomBytes(16));
  const span = randomBytes(AUTHENTICATED_LENGTH);
  const block = randomBytes(ENCRYPTED_LENGTH);
  return () => {
    createHmac(hash, k1).update(span).digest();
    createDecipheriv('aes-128-cbc', k2, block).setAutoPadding(false).update(block);
    const iv = randomBytes(INITIALIZATION_VECTOR_LENGTH);
    createCipheriv('aes-128-cbc', k2, iv).setAutoPadding(false).update(block);
    createHmac(hash, k1).update(span).digest();
  };
}

function codecOf(cipherSuiteId: CipherSuiteId): () => void {
  const security = new SessionSecurityV20(cipherSuiteId, randomBytes(32));
  const seal = (payload: Uint8Array): Uint8Array =>
    sealSessionPacketV20(
      security,
      { payloadType: 'ipmiMessage', sessionId: SESSION_ID, sessionSequenceNumber: 1, payload },
      randomBytes(INITIALIZATION_VECTOR_LENGTH),
    );
  const request = seal(
    encodeIpmiMessage({
      ...{ toAddress: BMC_SLAVE_ADDRESS, netFn: 0, toLun: 0, fromAddress: REMOTE_CONSOLE_ADDRESS },
      ...{ rqSeq: 1, fromLun: 0, command: getChassisStatus.code, data: new Uint8Array(0) },
    }),
  );
  // Completion code and chassis status.
  const data = new Uint8Array(4);
  return () => {
    const { body } = decodeRmcpPacket(request);
    const payload = openSessionPacketV20(security, body, decodeSessionPacketV20(body));
    if (payload === undefined) throw new Error('our own packet is not authentic');
    seal(encodeIpmiMessage(responseTo(decodeIpmiMessage(payload), data)));
  };
}

/** Mean microseconds of one call. The warm-up before it takes as long as the measurement. */
function timed(call: () => void, seconds: number): number {
  let result = NaN;
  for (let round = 0; round < 2; round += 1) {
    const startedAt = performance.now();
    let calls = 0;
    while (performance.now() - startedAt < seconds * 1000) {
      for (let n = 0; n < 500; n += 1) call();
      calls += 500;
    }
    result = ((performance.now() - startedAt) * 1000) / calls;
  }
  return result;
}

process.once('message', ({ cipherSuiteId, seconds }: CodecLoopJob) => {
  const result: CodecLoopResult = {
    cryptographyUs: timed(cryptographyOf(cipherSuiteId), seconds / 4),
    codecUs: timed(codecOf(cipherSuiteId), seconds / 4),
  };
  process.send?.(result);
});
