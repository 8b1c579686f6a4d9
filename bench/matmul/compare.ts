/** Matrix products of one shape by every variant and every peer, turn about. */

import type { Backend } from '../../src/gpu/backend.ts';
import { dispatch } from '../../src/gpu/backend.ts';
import { normRelative } from '../../src/gpu/testing/difference.ts';
import { median } from '../median.ts';
import { variants } from './variants.ts';

export type Shape = readonly [rows: number, inner: number, columns: number];

export interface ProductResult {
  readonly name: string;
  readonly shape: Shape;
  /** of the median and of the fastest round */
  readonly gflops: number;
  readonly best: number;
  /** norm-relative distance from the first variant's product */
  readonly difference: number;
}

interface Contender {
  readonly name: string;
  /** Makes the product so many times and resolves when the last is made. */
  run(times: number): Promise<void>;
  product(): Promise<ArrayLike<number>>;
  dispose(): void;
}

const values = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.5);

async function ours(backend: Backend, [rows, inner, columns]: Shape, repeats: number): Promise<Contender[]> {
  const x = backend.tensor('f32', rows * inner, 'x', values(rows * inner));
  const w = backend.tensor('f32', inner * columns, 'w', values(inner * columns));
  const counts = backend.tensor('u32', 2, 'counts', [0, rows]);
  return Promise.all(
    variants.map(async ({ name, kernel, invocations }) => {
      const y = backend.tensor('f32', rows * columns, name);
      const command = dispatch(
        kernel,
        invocations(rows, columns),
        { counts, x, w, y },
        {
          rowsIndex: 1,
          baseIndex: 0,
          inner,
          columns,
          xStride: inner,
          xOffset: 0,
          yStride: columns,
          yOffset: 0,
          bias: 0,
          accumulate: 0,
        },
      );
      const once = await backend.record(name, [command]);
      const program = await backend.record(name, new Array<typeof command>(repeats).fill(command));
      return {
        name,
        async run(times: number) {
          await backend.run(times === repeats ? program : once);
          await backend.read(counts);
        },
        product: () => backend.read(y),
        dispose() {},
      };
    }),
  );
}

async function jax([rows, inner, columns]: Shape): Promise<Contender> {
  const { init, jit, defaultDevice, numpy: np } = await import('@jax-js/jax');
  await init('webgpu');
  defaultDevice('webgpu');
  const x = np.array(values(rows * inner), { shape: [rows, inner], dtype: np.float32, device: 'webgpu' });
  const w = np.array(values(inner * columns), { shape: [inner, columns], dtype: np.float32, device: 'webgpu' });
  const product = jit((a: typeof x, b: typeof w) => np.matmul(a, b));
  return {
    name: 'jax-js',
    async run(times) {
      for (let i = 1; i < times; i++) {
        // Each is started, as a product that nobody reads would not be.
        const made = product(x.ref, w.ref);
        made.gpuBufferSync();
      }
      const last = product(x.ref, w.ref);
      await last.blockUntilReady();
      last.dispose();
    },
    product: async () => Float32Array.from(await product(x.ref, w.ref).data()),
    dispose() {
      x.dispose();
      w.dispose();
      product.dispose();
    },
  };
}

async function tfjs([rows, inner, columns]: Shape): Promise<Contender> {
  const [tf] = await Promise.all([import('@tensorflow/tfjs-core'), import('@tensorflow/tfjs-backend-webgpu')]);
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js has no webgpu here');
  const x = tf.tensor2d(values(rows * inner), [rows, inner]);
  const w = tf.tensor2d(values(inner * columns), [inner, columns]);
  return {
    name: 'TensorFlow.js',
    async run(times) {
      await tf.setBackend('webgpu');
      for (let i = 1; i < times; i++) tf.matMul(x, w).dispose();
      const corner = tf.tidy(() => tf.slice(tf.matMul(x, w), [0, 0], [1, 1]));
      await corner.data();
      corner.dispose();
    },
    async product() {
      await tf.setBackend('webgpu');
      const made = tf.matMul(x, w);
      const data = await made.data();
      made.dispose();
      return data;
    },
    dispose() {
      tf.dispose([x, w]);
    },
  };
}

/** @param repeats products made before anything is waited for */
export async function compareProducts(
  backend: Backend,
  shape: Shape,
  { rounds, repeats }: { readonly rounds: number; readonly repeats: number },
  onProgress: (text: string) => void,
): Promise<ProductResult[]> {
  const contenders = [...(await ours(backend, shape, repeats)), await jax(shape), await tfjs(shape)];
  const reference = await (async () => {
    await contenders[0].run(1);
    return contenders[0].product();
  })();
  const differences: number[] = [];
  for (const contender of contenders) {
    onProgress(`matrix product ${shape.join(' x ')}: ${contender.name}`);
    await contender.run(1);
    differences.push(normRelative(await contender.product(), reference));
  }
  const times: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = (turn + round) % contenders.length;
      const start = performance.now();
      await contenders[i].run(repeats);
      times[i].push((performance.now() - start) / repeats);
    }
  }
  const operations = 2 * shape[0] * shape[1] * shape[2];
  return contenders.map((contender, i) => {
    contender.dispose();
    const rate = (milliseconds: number) => operations / (milliseconds * 1e6);
    return {
      name: contender.name,
      shape,
      gflops: rate(median(times[i])),
      best: rate(Math.min(...times[i])),
      difference: differences[i],
    };
  });
}
