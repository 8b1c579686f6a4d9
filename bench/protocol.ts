/** What the command asks of the page, and what the page answers. */
import type { KernelTime } from '../src/gpu/backend.ts';
import type { CpuResult } from './cpu.ts';
import type { DenseSizes, Objective } from './dense/problem.ts';
import type { EngineResult, RaceOptions } from './dense/race.ts';
import type { ProductResult, Shape } from './matmul/compare.ts';
import type { StepResult } from './ragged.ts';

export interface DeviceResult {
  readonly adapter: string;
  readonly software: boolean;
  readonly timestamps: boolean;
  readonly browser: string;
  readonly processors: number;
  readonly crossOriginIsolated: boolean;
}

export interface DenseResult {
  readonly sizes: DenseSizes;
  readonly objective: Objective;
  readonly race: RaceOptions;
  /** floating-point operations of a step's matrix products */
  readonly flops: number;
  readonly engines: readonly EngineResult[];
  /** engines that could not be made, and why */
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
  /** our kernels in this step, most time first */
  readonly kernels: readonly KernelTime[] | null;
}

export interface ProfileResult {
  readonly name: string;
  readonly kernels: readonly KernelTime[] | null;
}

/** One update of an objective on one batch, sampling included, beside that of `ttb`. */
export interface ObjectiveResult {
  readonly preset: string;
  readonly objective: string;
  /** median over rounds, turn about */
  readonly milliseconds: number;
  readonly dispatches: number;
  /** relative to `ttb` of the same preset */
  readonly ratio: number;
}

export interface BenchPage {
  device(): Promise<DeviceResult>;
  dense(options: {
    readonly sizes: DenseSizes;
    readonly objective: Objective;
    readonly race: RaceOptions;
    readonly wasm: boolean;
  }): Promise<DenseResult>;
  steps(options: { readonly quick: boolean }): Promise<readonly StepResult[]>;
  objectives(options: { readonly quick: boolean }): Promise<readonly ObjectiveResult[]>;
  profiles(options: { readonly quick: boolean }): Promise<readonly ProfileResult[]>;
  products(options: {
    readonly shapes: readonly Shape[];
    readonly rounds: number;
    readonly repeats: number;
  }): Promise<readonly ProductResult[]>;
  growth(options: { readonly quick: boolean }): Promise<readonly StepResult[]>;
  cpu(options: { readonly limit: number }): Promise<CpuResult>;
}

declare global {
  var bench: BenchPage | undefined;
}
