import { rmcpHeaderLength } from './rmcp-header.ts';
import { authenticationType } from './session-header-v1-5.ts';

/** After the authentication type comes in RMCP+ the payload type (1), in IPMI 1.5 the sequence number (4). */
const offsetV20 = rmcpHeaderLength + 2;
const offsetV15 = rmcpHeaderLength + 5;

/**
 * The session id (4 bytes) that a datagram names, wherever it is not even long enough read as 0: for a first look that
 * must cost nothing. What it says is to be believed only after the packet has been decoded and found authentic.
 */
export const peekSessionId = (datagram: Uint8Array): number => {
  const at = datagram[rmcpHeaderLength] === authenticationType.rmcpPlus ? offsetV20 : offsetV15;
  const byte = (index: number): number => datagram[at + index] ?? 0;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
};
