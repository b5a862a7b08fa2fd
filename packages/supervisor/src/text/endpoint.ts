/** Addresses with their port, as people and URLs write them. */
import { isIPv6 } from 'node:net';

/** `192.0.2.1:623`, `[2001:db8::1]:623`, `hypervisor.example.org:623` */
export function formatEndpoint(host: string, port: number | string): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
