/** Other ways to make the same dense layer: the product's contract and twin, another shader. */
import { matmul } from '../../src/gpu/kernels/matmul.ts';
import register4x4 from './register4x4.wgsl?raw';
import register8x4 from './register8x4.wgsl?raw';
import tiled from './tiled.wgsl?raw';

export interface Variant {
  readonly name: string;
  readonly kernel: typeof matmul;
  /** Invocations for a product of `rows x columns`. */
  readonly invocations: (rows: number, columns: number) => number;
}

/** Blocks of so many rows and columns, one an invocation. */
const blocks = (height: number, width: number) => (rows: number, columns: number) =>
  Math.ceil(rows / height) * Math.ceil(columns / width);
const TILE = 32;

export const variants: readonly Variant[] = [
  { name: 'this project, 8 x 8 in registers (in use)', kernel: matmul, invocations: blocks(8, 8) },
  {
    name: 'this project, 8 x 4 in registers',
    kernel: { ...matmul, name: 'register8x4', wgsl: register8x4 },
    invocations: blocks(8, 4),
  },
  {
    name: 'this project, 4 x 4 in registers',
    kernel: { ...matmul, name: 'register4x4', wgsl: register4x4 },
    invocations: blocks(4, 4),
  },
  {
    name: 'this project, tiles of 32 x 32 in workgroup memory',
    kernel: { ...matmul, name: 'tiled', wgsl: tiled },
    invocations: (rows, columns) => 64 * blocks(TILE, TILE)(rows, columns),
  },
];
