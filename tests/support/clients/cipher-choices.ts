/** What a user may say about cipher suites; each with a number, for a domain of its own. */
export const cipherChoices: readonly {
  readonly choice: string;
  readonly index: number;
  readonly cipher: { readonly cipher?: number };
}[] = [
  { choice: 'by default', index: 0, cipher: {} },
  { choice: '3', index: 1, cipher: { cipher: 3 } },
  { choice: '17', index: 2, cipher: { cipher: 17 } },
];
