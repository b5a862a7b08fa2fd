import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/**
 * The smallest BMC that ipmitool and freeipmi accept with cipher suite 17. The recordings use it because Debian's
 * ipmi_sim does not support SHA-256. It is written from the specification, on node:crypto and without the codec. The
 * clients verify every code that it sends, and so confirm its computations.
 */
function hmac(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  return createHmac('sha256', key).update(Buffer.concat(parts)).digest();
}

const guid = Buffer.from('33221100554477668899aabbccddeeff', 'hex');
const algorithms = Buffer.from('000000080300000001000008040000000200000801000000', 'hex');
const responses: Readonly<Record<string, string>> = {
  '00/01': '00010000',
  '00/02': '00',
  '00/08': '00',
  '00/09': '0001058004000000',
  '06/01': '00200101000202bf1c57010b0a',
  '06/37': `00${guid.toString('hex')}`,
  '06/38': '000180040200000000',
  '06/3b': '0004',
  '06/3c': '00',
};

interface Session {
  remoteConsoleSessionId: Buffer;
  remoteConsoleRandom: Buffer;
  bmcRandom: Buffer;
  roleAndUser: Buffer;
  k1: Buffer;
  k2: Buffer;
  sequence: number;
}

const managedSystemSessionId = Buffer.from('01020304', 'hex');
const rmcp = Buffer.from('0600ff07', 'hex');

function packet(typeByte: number, id: Buffer, sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x06;
  header[1] = typeByte;
  id.copy(header, 2);
  header.writeUInt32LE(sequence, 6);
  header.writeUInt16LE(payload.length, 10);
  return Buffer.concat([header, payload]);
}

function sumTo0(bytes: Buffer): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}

function ipmiResponse(request: Buffer): Buffer {
  const [to = 0, netFnLun = 0, , from = 0, sequence = 0, command = 0] = request;
  const name = [netFnLun >> 2, command].map((byte) => byte.toString(16).padStart(2, '0')).join('/');
  const head = Buffer.from([from, netFnLun | 4]);
  const tail = Buffer.concat([
    Buffer.from([to, sequence, command]),
    Buffer.from(responses[name] ?? 'c1', 'hex'),
  ]);
  return Buffer.concat([head, Buffer.from([sumTo0(head)]), tail, Buffer.from([sumTo0(tail)])]);
}

function seal(session: Session, message: Buffer): Buffer {
  const padLength = (16 - ((message.length + 1) % 16)) % 16;
  const pad = Buffer.from([...Array.from({ length: padLength }, (_, i) => i + 1), padLength]);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', session.k2.subarray(0, 16), iv).setAutoPadding(false);
  const encrypted = Buffer.concat([iv, cipher.update(Buffer.concat([message, pad]))]);
  const sent = packet(0xc0, session.remoteConsoleSessionId, ++session.sequence, encrypted);
  // 12 + 16n bytes so far plus 2 bytes of trailer: 2 pad bytes make a multiple of 4.
  const span = Buffer.concat([sent, Buffer.from('ffff0207', 'hex')]);
  return Buffer.concat([span, hmac(session.k1, span).subarray(0, 16)]);
}

function unseal(session: Session, body: Buffer): Buffer {
  const length = body.readUInt16LE(10);
  const span = body.subarray(0, -16);
  if (!hmac(session.k1, span).subarray(0, 16).equals(body.subarray(-16)))
    throw new Error('authentication code');
  const iv = body.subarray(12, 28);
  const decipher = createDecipheriv('aes-128-cbc', session.k2.subarray(0, 16), iv).setAutoPadding(false);
  const padded = decipher.update(body.subarray(28, 12 + length));
  return padded.subarray(0, padded.length - 1 - (padded.at(-1) ?? 0));
}

const none = Buffer.alloc(4);

function answer(session: Session, kuid: Buffer, body: Buffer): Buffer {
  const { remoteConsoleSessionId: sidM } = session;
  if (body[0] === 0x00) {
    const response = ipmiResponse(body.subarray(10));
    return Buffer.concat([Buffer.alloc(9), Buffer.from([response.length]), response]);
  }
  const payload = body.subarray(12);
  const tag = payload.subarray(0, 1);
  switch (body[1]) {
    case 0x00:
      return packet(0x00, none, 0, ipmiResponse(payload));
    case 0x10: {
      session.sequence = 0;
      session.remoteConsoleSessionId = Buffer.from(payload.subarray(4, 8));
      const head = Buffer.concat([tag, Buffer.from([0, 4, 0]), session.remoteConsoleSessionId]);
      return packet(0x11, none, 0, Buffer.concat([head, managedSystemSessionId, algorithms]));
    }
    case 0x12: {
      session.remoteConsoleRandom = Buffer.from(payload.subarray(8, 24));
      session.bmcRandom = randomBytes(16);
      const name = payload.subarray(28, 28 + (payload[27] ?? 0));
      session.roleAndUser = Buffer.concat([payload.subarray(24, 25), payload.subarray(27, 28), name]);
      const { remoteConsoleRandom, bmcRandom, roleAndUser } = session;
      const code = hmac(
        kuid,
        sidM,
        managedSystemSessionId,
        remoteConsoleRandom,
        bmcRandom,
        guid,
        roleAndUser,
      );
      return packet(0x13, none, 0, Buffer.concat([tag, Buffer.alloc(3), sidM, bmcRandom, guid, code]));
    }
    case 0x14: {
      const sik = hmac(kuid, session.remoteConsoleRandom, session.bmcRandom, session.roleAndUser);
      session.k1 = hmac(sik, Buffer.alloc(20, 1));
      session.k2 = hmac(sik, Buffer.alloc(20, 2));
      const code = hmac(sik, session.remoteConsoleRandom, managedSystemSessionId, guid).subarray(0, 16);
      return packet(0x15, none, 0, Buffer.concat([tag, Buffer.alloc(3), sidM, code]));
    }
    default:
      return seal(session, ipmiResponse(unseal(session, body)));
  }
}

/** Serves sessions one after another on a free port of 127.0.0.1. */
export async function startSha256Bmc(password: string): Promise<{ port: number; stop: () => void }> {
  const empty = Buffer.alloc(0);
  const session: Session = {
    remoteConsoleSessionId: none,
    remoteConsoleRandom: empty,
    bmcRandom: empty,
    roleAndUser: empty,
    k1: empty,
    k2: empty,
    sequence: 0,
  };
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (datagram, { port, address }) => {
    const reply = answer(session, Buffer.from(password), datagram.subarray(4));
    socket.send(Buffer.concat([rmcp, reply]), port, address);
  });
  return { port: socket.address().port, stop: () => socket.close() };
}
