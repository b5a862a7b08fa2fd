import { RMCP_HEADER_LENGTH } from './rmcp-header.ts';
import { authenticationType } from './session-header-v1-5.ts';

/** After the authentication type comes in RMCP+ the payload type (1), in IPMI 1.5 the sequence number (4). */
const OFFSET_V20 = RMCP_HEADER_LENGTH + 2;
const OFFSET_V15 = RMCP_HEADER_LENGTH + 5;

/**
 * The session id (4 bytes) that a datagram names, wherever it is not even long enough read as 0: for a first look that
 * must cost nothing. What it says is to be believed only after the packet has been decoded and found authentic.
 */
export function peekSessionId(datagram: Uint8Array): number {
  const at = datagram[RMCP_HEADER_LENGTH] === authenticationType.rmcpPlus ? OFFSET_V20 : OFFSET_V15;
  const byte = (index: number): number => datagram[at + index] ?? 0;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}
