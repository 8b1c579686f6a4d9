import { expect, it } from 'vitest';
import { dispatch } from './backend.ts';
import { acquireDevice } from './device.ts';
import { defineKernel } from './kernel.ts';
import { compareWithTwin } from './testing/compareWithTwin.ts';
import { describeBackend } from './testing/contract.ts';
import { expectNoFailure, testBackend } from './testing/testBackend.ts';
import { increment, scaleShift } from './testing/testKernels.ts';
import { createWebgpuBackend } from './webgpuBackend.ts';

describeBackend('WebGPU', testBackend);

it('times each kernel where the device has timestamps, over more passes than one query set holds', async () => {
  const backend = await testBackend();
  const a = backend.tensor('f32', 256, 'a', new Float32Array(256).fill(1));
  const b = backend.tensor('f32', 256, 'b');
  const params = { n: 256, scale: 1, shift: 0 };
  const commands = Array.from({ length: 2050 }, (_, i) =>
    dispatch(scaleShift, 256, i % 2 === 0 ? { a, out: b } : { a: b, out: a }, params),
  );
  const times = await backend.profile(await backend.record('many', commands));
  expect(times?.map(({ kernel, dispatches }) => ({ kernel, dispatches }))).toEqual([
    { kernel: 'scaleShift', dispatches: 2050 },
  ]);
  expect(times?.[0].milliseconds).toBeGreaterThan(0);
  expect(times?.[0].milliseconds).toBeLessThan(10_000);
  await expectNoFailure(backend);
  backend.destroy();
});

it('fails, and the check of the tests sees it, when the device reports an error', async () => {
  const acquired = await acquireDevice();
  if (!acquired.ok) throw new Error(acquired.reason);
  const backend = createWebgpuBackend(acquired.device, { adapter: acquired.adapterInfo, software: acquired.software });
  await expectNoFailure(backend);
  acquired.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
  await expect(expectNoFailure(backend)).rejects.toMatchObject({ name: 'DeviceFailure', kind: 'validation' });
  backend.destroy();
});

it('prints where a kernel does not compile', async () => {
  const backend = await testBackend();
  const broken = defineKernel({ ...scaleShift, name: 'broken', wgsl: scaleShift.wgsl.replace('a[i] +', 'p.n +') });
  const tensors = { a: backend.tensor('f32', 1, 'a'), out: backend.tensor('f32', 1, 'out') };
  const command = dispatch(broken, 1, tensors, { n: 1, scale: 1, shift: 0 });
  await expect(backend.record('p', [command])).rejects.toThrow(/"broken" does not compile:\n {2}\d+:\d+ /);
  await expectNoFailure(backend);
  backend.destroy();
});

const a = Float32Array.from({ length: 65 }, (_, i) => Math.sin(i));
const setup = { tensors: { a, out: new Float32Array(65) }, params: { n: 65, scale: 3, shift: 0.1 }, invocations: 65 };

it('agrees with the twin of a kernel, at a fixed size and at a counted one', async () => {
  expect((await compareWithTwin(scaleShift, setup)).out).toBeLessThan(1e-6);
  await compareWithTwin(increment, {
    tensors: { counts: [0, 5], cells: new Uint32Array(12) },
    params: { index: 1, times: 2 },
    invocations: { index: 1, times: 2, most: 200 },
    counts: 'counts',
  });
});

it('shows a kernel that differs from its twin', async () => {
  const shifted = defineKernel({
    ...scaleShift,
    twin: ({ a, out }, { n, scale }) => {
      for (let i = 0; i < n; i++) out[i] = scale * a[i];
    },
  });
  expect((await compareWithTwin(shifted, setup)).out).toBeGreaterThan(0.01);
  const idle = defineKernel({ ...increment, twin: () => {} });
  const counted = { tensors: { counts: [3], cells: [0, 0, 0, 0] }, params: { index: 0, times: 1 }, invocations: 4 };
  await expect(compareWithTwin(idle, counted)).rejects.toThrow('"cells": element 0 is 1, and 0 in the twin');
});
