import type { NodeUnderTest } from './node-under-test.ts';

/** One thing that Ironic does to a node. */
export interface Step {
  readonly name: string;
  /** The step without which this one makes no sense. */
  readonly needs?: string;
  /** Returns what it has seen; throws when that is wrong. */
  readonly run: (node: NodeUnderTest) => Promise<string>;
}
