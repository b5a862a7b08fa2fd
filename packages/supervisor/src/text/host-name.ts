/** Host names, by their syntax (RFC 1123 §2.1). Pure. */

/** RFC 1035 §2.3.4, without the octets that carry lengths. */
const MOST_CHARACTERS = 253;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;
/** getaddrinfo(3) reads a name whose last label is one of these as an IPv4 address, or as a piece of one. */
const number = /^(?:[0-9]+|0x[0-9a-f]*)$/i;

/** Whether the text is a host name, and no IP address or a mistyped one. A dot at the end is allowed: nothing is appended then. */
export function isHostName(text: string): boolean {
  const labels = withoutLastDot(text).split('.');
  return (
    text.length <= MOST_CHARACTERS &&
    labels.every((one) => label.test(one)) &&
    !number.test(labels.at(-1) ?? '')
  );
}

/** One spelling per name: names differ in no letter's case. */
export function canonicalHostName(name: string): string {
  return withoutLastDot(name).toLowerCase();
}

function withoutLastDot(name: string): string {
  return name.replace(/\.$/, '');
}
