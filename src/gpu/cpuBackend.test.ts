import { describe, expect, it } from 'vitest';
import { ALIGNMENT, dispatch } from './backend.ts';
import { createCpuBackend } from './cpuBackend.ts';
import { defineKernel } from './kernel.ts';
import { describeBackend } from './testing/contract.ts';
import { scaleShift } from './testing/testKernels.ts';

describeBackend('CPU', async () => createCpuBackend());
describeBackend('CPU (float64)', async () => createCpuBackend('f64'));

/** Calls `effect` with what the twin gets. */
const probe = (effect: (a: ArrayLike<number>, ids: Uint32Array) => void) =>
  defineKernel({
    name: 'probe',
    wgsl: '',
    bindings: { a: 'read f32', ids: 'write u32' },
    params: {},
    about: 'looks at what it is given',
    twin: ({ a, ids }) => effect(a, ids),
  });

describe('a twin', () => {
  it.each([
    ['f32', Float32Array],
    ['f64', Float64Array],
  ] as const)('gets exactly the ranges bound to it, floats in %s', async (precision, FloatArray) => {
    const backend = createCpuBackend(precision);
    const arena = backend.tensor('f32', 3 * ALIGNMENT, 'arena');
    const a = backend.view(arena, ALIGNMENT, 7, 'a');
    backend.write(a, [0.1]);
    const ids = backend.tensor('u32', 5, 'ids');
    const seen: (readonly [unknown, number, number, unknown, number])[] = [];
    const kernel = probe((floats, integers) => {
      seen.push([floats.constructor, floats.length, floats[0], integers.constructor, integers.length]);
    });
    await backend.run(await backend.record('p', [dispatch(kernel, 1, { a, ids }, {})]));
    expect(seen).toEqual([[FloatArray, 7, FloatArray.of(0.1)[0], Uint32Array, 5]]);
  });

  it('that throws makes the run reject', async () => {
    const backend = createCpuBackend();
    const kernel = probe(() => {
      throw new Error('no such edge');
    });
    const tensors = { a: backend.tensor('f32', 1, 'a'), ids: backend.tensor('u32', 1, 'ids') };
    const program = await backend.record('p', [dispatch(kernel, 1, tensors, {})]);
    await expect(backend.run(program)).rejects.toThrow('no such edge');
  });
});

describe('a long run', () => {
  /** A program of `dispatches` that take `milliseconds` each. */
  async function busy(dispatches: number, milliseconds: number) {
    const backend = createCpuBackend();
    const kernel = probe(() => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    });
    const tensors = { a: backend.tensor('f32', 1, 'a'), ids: backend.tensor('u32', 1, 'ids') };
    const commands = Array.from({ length: dispatches }, () => dispatch(kernel, 1, tensors, {}));
    return { backend, program: await backend.record('busy', commands) };
  }

  it('lets messages be handled in between', async () => {
    const { backend, program } = await busy(12, 10);
    const { port1, port2 } = new MessageChannel();
    let finished = false;
    const handled = new Promise<boolean>((resolve) => {
      port1.onmessage = () => resolve(finished);
    });
    const run = backend.run(program).then(() => {
      finished = true;
    });
    port2.postMessage('pause');
    expect(await handled).toBe(false);
    await run;
    port1.close();
  });

  it('does not yield while it is short, so that small steps are not slowed down', async () => {
    const { backend, program } = await busy(3, 0);
    let handled = false;
    const message = new Promise<void>((resolve) => {
      setImmediate(() => {
        handled = true;
        resolve();
      });
    });
    await backend.run(program);
    expect(handled).toBe(false);
    await message;
  });
});

it('takes scalars of float64 programs without rounding', async () => {
  const backend = createCpuBackend('f64');
  const a = backend.tensor('f32', 1, 'a', [0.1]);
  const out = backend.tensor('f32', 1, 'out');
  await backend.run(await backend.record('p', [dispatch(scaleShift, 1, { a, out }, { n: 1, scale: 3, shift: 0.1 })]));
  expect([...(await backend.read(out))]).toEqual([3 * 0.1 + 0.1]);
});
