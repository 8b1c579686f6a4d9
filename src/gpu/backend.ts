/**
 * The narrow interface behind which a device lives: tensors, and programs that are recorded once
 * and replayed every step. Two implementations, the WebGPU one and the CPU one of the twins.
 */
import type { Bindings, ElementType, Kernel, Params } from './kernel.ts';

/** A range of device memory. A view of a tensor shares its storage. */
export interface Tensor<T extends ElementType = ElementType> {
  readonly label: string;
  readonly type: T;
  /** in elements */
  readonly length: number;
  /** Identity of the storage and the range within it, in elements. */
  readonly storage: number;
  readonly offset: number;
}

/**
 * How many invocations a dispatch has: a number, or `times * counts[index]` known on the device alone and at most
 * `most`. So many are dispatched; a kernel returns in those beyond the count. (Not indirectly: see docs/decisions/025.)
 */
export type Invocations = number | { readonly index: number; readonly times: number; readonly most: number };

/** One entry of a program. */
export type Command =
  | {
      readonly op: 'dispatch';
      readonly kernel: Kernel;
      readonly tensors: Readonly<Record<string, Tensor>>;
      readonly params: Readonly<Record<string, number>>;
      readonly invocations: Invocations;
    }
  | { readonly op: 'clear'; readonly tensor: Tensor }
  | { readonly op: 'copy'; readonly from: Tensor; readonly to: Tensor };

type TensorsOf<B extends Bindings> = {
  readonly [K in keyof B]: Tensor<B[K] extends `${string} f32` ? 'f32' : 'u32'>;
};

/** A dispatch with its tensors and parameters checked against the kernel's description by the compiler. */
export function dispatch<B extends Bindings, P extends Params>(
  kernel: Kernel<B, P>,
  invocations: Invocations,
  tensors: TensorsOf<B>,
  params: { readonly [K in keyof P]: number },
): Command {
  // The one place where the kernel's type parameters are forgotten: a twin takes the same names it declared.
  return { op: 'dispatch', kernel: kernel as unknown as Kernel, tensors, params, invocations };
}

/** A recorded program. Opaque; it belongs to the backend that made it. */
export interface Program {
  readonly label: string;
  readonly dispatches: number;
}

export interface KernelTime {
  readonly kernel: string;
  readonly milliseconds: number;
  readonly dispatches: number;
}

export interface Backend {
  readonly kind: 'webgpu' | 'cpu';
  /** Adapter in words, and whether it is a software one. */
  readonly adapter: string;
  readonly software: boolean;
  /** Bytes of all tensors that are allocated. */
  readonly bytes: number;
  /** Program runs so far: on WebGPU, exactly one queue submission each. */
  readonly submissions: number;
  /** Rejects with the first error of the device (validation, out of memory, loss); never resolves. */
  readonly failed: Promise<never>;

  /** Allocates a zeroed tensor, or one holding `data`. @throws AllocationTooLarge beyond the device's binding limit */
  tensor(type: 'f32', length: number, label: string, data?: ArrayLike<number>): Tensor<'f32'>;
  tensor(type: 'u32', length: number, label: string, data?: ArrayLike<number>): Tensor<'u32'>;
  /** Gives the storage of an allocated tensor back. Programs and views that use it can not be used any more. */
  free(tensor: Tensor): void;
  /** A range of `tensor`, `offset` a multiple of 64 elements (the binding alignment). */
  view<T extends ElementType>(tensor: Tensor<T>, offset: number, length: number, label: string): Tensor<T>;
  /** Puts `data` at the start of `tensor`, before the next run. */
  write(tensor: Tensor, data: ArrayLike<number>): void;
  /**
   * Compiles pipelines in parallel and fixes bind groups.
   * @param counts the tensor that dynamic invocation counts index into
   */
  record(label: string, commands: readonly Command[], counts?: Tensor<'u32'>): Promise<Program>;
  /**
   * Replays a program: one submission. On WebGPU it resolves once submitted; on the CPU once computed,
   * yielding to the event loop every 30 ms so that messages are answered in between. One run at a time.
   */
  run(program: Program): Promise<void>;
  /** Reads tensors back, after everything submitted so far. Float32 values or u32, as plain typed arrays. */
  read(tensor: Tensor<'f32'>): Promise<Float32Array | Float64Array>;
  read(tensor: Tensor<'u32'>): Promise<Uint32Array>;
  /** Time per kernel of one run of the program, or null where the device cannot tell. */
  profile(program: Program): Promise<readonly KernelTime[] | null>;
  destroy(): void;
}

/** A tensor is larger than the device can bind. */
export class AllocationTooLarge extends Error {
  override readonly name = 'AllocationTooLarge';
  constructor(label: string, bytes: number, limit: number) {
    super(
      `"${label}" needs ${bytes} bytes; this device binds at most ${limit}. ` +
        `Lower the number of tasks, the suite's size, or the supervisor's width.`,
    );
  }
}

/** Elements by which views and arena entries are aligned (256 bytes). */
export const ALIGNMENT = 64;

/** Rounds an element count up to the binding alignment. */
export function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
