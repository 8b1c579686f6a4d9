/** What takes the dense step: this project's engine, or a peer's. */
import type { DenseProblem } from './problem.ts';

export interface DenseEngine {
  readonly name: string;
  /** What computes: decides what is compared with what. */
  readonly on: 'webgpu' | 'wasm' | 'cpu';
  /** In words: version, threads. */
  readonly about: string;
  /** Makes this engine's backend the current one, where its library has such a thing. Not timed. */
  enter(): Promise<void>;
  /** Takes so many steps and resolves when the last one is computed. */
  run(steps: number): Promise<void>;
  /** The loss of every step so far. Not timed. */
  losses(): Promise<readonly number[]>;
  dispose(): Promise<void>;
}

export type MakeEngine = (problem: DenseProblem) => Promise<DenseEngine>;
