/** `192.0.2.1:623`, `[2001:db8::1]:623`, `hypervisor.example.org:623` */
export function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
