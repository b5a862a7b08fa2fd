/** What the libvirt library in `virsh` logs of the domains that it has looked up. Pure. */
import { isUuid } from '../core/terms/uuid.ts';

/** Variables for a `virsh` that is to log them, on stderr. */
export const logDomainsEnvironment: Readonly<Record<string, string>> = {
  LIBVIRT_LOG_FILTERS: '1:libvirt.domain',
  LIBVIRT_LOG_OUTPUTS: '1:stderr',
};

/** libvirt: VIR_DOMAIN_DEBUG in src/internal.h and src/datatypes.h, the same since 2010. */
const loggedDomain = / debug : .*\(VM: name=(.*), uuid=([0-9a-f-]{36})\)/g;

/** The UUID of the domain with exactly this name; undefined if the log names none. */
export function loggedUuid(log: string, domainName: string): string | undefined {
  const uuids = Array.from(log.matchAll(loggedDomain), ([, name, uuid = '']) =>
    name === domainName && isUuid(uuid) ? uuid : undefined,
  );
  return uuids.find((uuid) => uuid !== undefined);
}
