import { RMCP_HEADER_LENGTH } from './rmcp-header.ts';
import { authenticationType } from './session-header-v1-5.ts';

/**
 * The id follows authentication type and payload type (1 byte) in RMCP+, authentication type and sequence number (4
 * bytes) in IPMI 1.5.
 */
const OFFSET_V20 = RMCP_HEADER_LENGTH + 2;
const OFFSET_V15 = RMCP_HEADER_LENGTH + 5;

/**
 * The session id (4 bytes) in a datagram, read cheaply before anything is decoded; missing bytes read as 0. The id is
 * not trustworthy until the packet is decoded and found authentic.
 */
export function peekSessionId(datagram: Uint8Array): number {
  const at = datagram[RMCP_HEADER_LENGTH] === authenticationType.rmcpPlus ? OFFSET_V20 : OFFSET_V15;
  const byte = (index: number): number => datagram[at + index] ?? 0;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}
