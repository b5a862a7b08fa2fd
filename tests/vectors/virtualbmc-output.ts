/** What the real VirtualBMC printed, in `virtualbmc-output.json`; `record/virtualbmc-output.ts` makes it. */
export interface VirtualBmcOutput {
  /** The programs and their versions. */
  readonly provenance: Readonly<Record<string, string>>;
  /** The keys of the BMCs that were there, and their status; none for the second list. */
  readonly scenes: readonly VirtualBmcScene[];
}

export interface VirtualBmcScene {
  readonly bmcs: readonly VirtualBmcRecordedBmc[];
  readonly runs: readonly VirtualBmcRun[];
}

export interface VirtualBmcRecordedBmc {
  readonly name: string;
  readonly status: string;
  readonly address: string;
  readonly port: number;
  readonly active: boolean;
  readonly username: string;
  readonly libvirtUri: string;
}

export interface VirtualBmcRun {
  readonly argv: readonly string[];
  /** The width of the terminal that standard output was; absent when it was a pipe. */
  readonly columns?: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
