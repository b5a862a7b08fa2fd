const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Whether it is a UUID as libvirt prints it: `8-4-4-4-12` lower-case hex digits. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
