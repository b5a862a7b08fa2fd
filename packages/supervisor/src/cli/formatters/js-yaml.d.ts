/** js-yaml has no types of its own: what is used of it here. */
declare module 'js-yaml' {
  export function dump(
    value: unknown,
    options: { readonly sortKeys: boolean; readonly lineWidth: number },
  ): string;
}
