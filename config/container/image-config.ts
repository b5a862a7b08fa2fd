/** What the image says about itself: the command that a container runs, and how it is stopped and watched. Pure. */
export interface ImageIdentity {
  readonly version: string;
  /** Seconds since 1970. */
  readonly sourceDateEpoch: number;
}

/** Debian's packages beside those that are essential. */
export const imagePackages: readonly string[] = [
  'libvirt-clients',
  // For connections by ssh, and for SASL.
  'openssh-client',
  'libsasl2-modules',
  'tini',
];

export const START_PROGRAM = '/usr/lib/vbmc/container-start';
const SECOND_NS = 1_000_000_000;

/** The part of the configuration that a Containerfile can say as well. Docker's forms; OCI knows no health check, and ignores it. */
export const runConfig = {
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
  Entrypoint: [START_PROGRAM],
  Cmd: ['/usr/bin/vbmcd', '--foreground'],
  StopSignal: 'SIGTERM',
  Healthcheck: {
    Test: ['CMD', '/usr/bin/vbmc', 'status'],
    Interval: 30 * SECOND_NS,
    Timeout: 10 * SECOND_NS,
    StartPeriod: 60 * SECOND_NS,
    Retries: 3,
  },
} as const;

export interface ImageLayer {
  /** Of the uncompressed tar, `sha256:…`. */
  readonly diffId: string;
  readonly createdBy: string;
}

export function imageConfig(
  { version, sourceDateEpoch }: ImageIdentity,
  layers: readonly ImageLayer[],
): object {
  const created = new Date(sourceDateEpoch * 1000).toISOString();
  return {
    created,
    architecture: 'amd64',
    os: 'linux',
    config: {
      ...runConfig,
      Labels: {
        'org.opencontainers.image.title': 'vbmc',
        'org.opencontainers.image.description': 'virtual BMCs (IPMI 2.0 over RMCP+) for libvirt domains',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.licenses': 'Apache-2.0',
      },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  };
}
