/** Authentication algorithm numbers (v2.0§13.28 table 13-17). */
export const authenticationAlgorithm = {
  none: 0x00,
  rakpHmacSha1: 0x01,
  rakpHmacMd5: 0x02,
  rakpHmacSha256: 0x03,
} as const;
/** Integrity algorithm numbers (v2.0§13.28.4 table 13-18). */
export const integrityAlgorithm = {
  none: 0x00,
  hmacSha1_96: 0x01,
  hmacMd5_128: 0x02,
  md5_128: 0x03,
  hmacSha256_128: 0x04,
} as const;
/** Confidentiality algorithm numbers (v2.0§13.28.5 table 13-19). */
export const confidentialityAlgorithm = {
  none: 0x00,
  aesCbc128: 0x01,
  xrc4_128: 0x02,
  xrc4_40: 0x03,
} as const;

export type AuthenticationAlgorithm = keyof typeof authenticationAlgorithm;
export type IntegrityAlgorithm = keyof typeof integrityAlgorithm;
export type ConfidentialityAlgorithm = keyof typeof confidentialityAlgorithm;

/** One row of v2.0§22.15.2 table 22-20. */
export interface CipherSuite {
  readonly id: number;
  readonly authentication: AuthenticationAlgorithm;
  readonly integrity: IntegrityAlgorithm;
  readonly confidentiality: ConfidentialityAlgorithm;
}

/** The suites that this codec implements: all except those with MD5 or xRC4. */
export const cipherSuites = {
  0: { id: 0, authentication: 'none', integrity: 'none', confidentiality: 'none' },
  1: { id: 1, authentication: 'rakpHmacSha1', integrity: 'none', confidentiality: 'none' },
  2: { id: 2, authentication: 'rakpHmacSha1', integrity: 'hmacSha1_96', confidentiality: 'none' },
  3: { id: 3, authentication: 'rakpHmacSha1', integrity: 'hmacSha1_96', confidentiality: 'aesCbc128' },
  15: { id: 15, authentication: 'rakpHmacSha256', integrity: 'none', confidentiality: 'none' },
  16: { id: 16, authentication: 'rakpHmacSha256', integrity: 'hmacSha256_128', confidentiality: 'none' },
  17: { id: 17, authentication: 'rakpHmacSha256', integrity: 'hmacSha256_128', confidentiality: 'aesCbc128' },
} as const satisfies Record<number, CipherSuite>;

export type CipherSuiteId = keyof typeof cipherSuites;
