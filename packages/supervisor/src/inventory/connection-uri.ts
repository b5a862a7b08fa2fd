/** The parts of a connection URI (libvirt.org/uri.html). Pure. */

export interface ConnectionUri {
  /** In lower case, for example `ssh`; undefined: the URI leaves it to libvirt. */
  readonly transport: string | undefined;
  readonly user: string | undefined;
  /** Without the brackets of an IPv6 address; empty: this host. */
  readonly host: string;
  readonly port: string | undefined;
  /** Names in lower case, as libvirt ignores their case. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

export function readConnectionUri(uri: string): ConnectionUri {
  const [, transport, authority = ''] = /^[^:+]*(?:\+([^:]*))?:\/\/([^/?#]*)/.exec(uri) ?? [];
  const [, user, bracketed, plain = '', port] =
    /^(?:(.*)@)?(?:\[([^\]]*)\]|([^:]*))(?::([0-9]+))?$/.exec(authority) ?? [];
  const decodedUser = user === undefined ? undefined : decoded(user);
  return {
    transport: transport?.toLowerCase(),
    user: decodedUser,
    host: bracketed ?? plain,
    port,
    parameters: parametersOf(uri),
  };
}

/** As libvirt reads them: `&` or `;` between parameters, names and values percent-encoded. */
function parametersOf(uri: string): ConnectionUri['parameters'] {
  const [, query = ''] = /\?([^#]*)/.exec(uri) ?? [];
  return query.split(/[&;]/).map((parameter) => {
    const [name = '', ...values] = parameter.split('=');
    return [decoded(name).toLowerCase(), decoded(values.join('='))];
  });
}

/** Byte by byte, so that no sequence is too broken to be read. */
export function decoded(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
