/** What the backend asks of the device, on one that computes nothing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AllocationTooLarge, dispatch } from './backend.ts';
import { DeviceFailure } from './failure.ts';
import { nullDevice } from './testing/nullDevice.ts';
import { increment, scaleShift, setCount } from './testing/testKernels.ts';
import { createWebgpuBackend } from './webgpuBackend.ts';

const about = { adapter: 'Dawn, null', software: true };
let device: GPUDevice;
beforeEach(async () => {
  device = await nullDevice();
});
afterEach(() => device.destroy());

/** The device with some of its properties replaced. */
function deviceWith(changes: Partial<GPUDevice>): GPUDevice {
  return new Proxy(device, {
    get(target, key) {
      if (key in changes) return Reflect.get(changes, key);
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('submissions', () => {
  it('are one per run, whatever the program mixes', async () => {
    const backend = createWebgpuBackend(device, about);
    const submit = vi.spyOn(device.queue, 'submit');
    const counts = backend.tensor('u32', 1, 'counts');
    const cells = backend.tensor('u32', 4, 'cells');
    const kept = backend.tensor('u32', 4, 'kept');
    const params = { index: 0, times: 1 };
    const program = await backend.record(
      'mixed',
      [
        dispatch(setCount, 1, { counts }, { index: 0, value: 3 }),
        dispatch(increment, { index: 0, times: 1, most: 4 }, { counts, cells }, params),
        { op: 'copy', from: cells, to: kept },
        dispatch(setCount, 1, { counts }, { index: 0, value: 1 }),
        dispatch(increment, { index: 0, times: 1, most: 4 }, { counts, cells }, params),
        { op: 'clear', tensor: cells },
      ],
      counts,
    );
    expect(submit).not.toHaveBeenCalled();
    for (let i = 1; i <= 3; i++) {
      await backend.run(program);
      expect(submit).toHaveBeenCalledTimes(i);
      expect(backend.submissions).toBe(i);
    }
    expect(submit.mock.calls.every(([buffers]) => [...buffers].length === 1)).toBe(true);
  });

  it('allocate nothing: buffers, bind groups and pipelines are made when recording, staging is used again', async () => {
    const backend = createWebgpuBackend(device, about);
    const a = backend.tensor('f32', 100, 'a');
    const out = backend.tensor('f32', 100, 'out');
    const command = dispatch(scaleShift, 100, { a, out }, { n: 100, scale: 1, shift: 0 });
    const program = await backend.record('p', [command, command]);
    await backend.read(out);
    const made = [
      vi.spyOn(device, 'createBuffer'),
      vi.spyOn(device, 'createBindGroup'),
      vi.spyOn(device, 'createComputePipelineAsync'),
    ];
    for (let i = 0; i < 20; i++) {
      await backend.run(program);
      await backend.read(out);
    }
    expect(made.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0]);
  });

  it('share pipelines: a kernel is compiled once for a device', async () => {
    const backend = createWebgpuBackend(device, about);
    const compile = vi.spyOn(device, 'createComputePipelineAsync');
    const a = backend.tensor('f32', 1, 'a');
    const out = backend.tensor('f32', 1, 'out');
    const command = dispatch(scaleShift, 1, { a, out }, { n: 1, scale: 1, shift: 0 });
    await Promise.all([backend.record('one', [command, command]), backend.record('two', [command])]);
    await backend.record('three', [command]);
    expect(compile).toHaveBeenCalledTimes(1);
  });
});

describe('a tensor', () => {
  it('is refused beyond what the device binds, with its name and the limit', () => {
    const backend = createWebgpuBackend(device, about);
    const most = device.limits.maxStorageBufferBindingSize / 4;
    expect(() => backend.tensor('f32', most + 1, 'edges')).toThrow(AllocationTooLarge);
    expect(() => backend.tensor('f32', most + 1, 'edges')).toThrow(`"edges" needs ${4 * most + 4} bytes`);
    expect(backend.bytes).toBe(0);
  });

  it('fails the backend by name where memory runs out', async () => {
    const outOfMemory = new GPUOutOfMemoryError('no memory');
    const backend = createWebgpuBackend(deviceWith({ popErrorScope: async () => outOfMemory }), about);
    backend.tensor('f32', 10, 'activations');
    await expect(backend.failed).rejects.toThrow(DeviceFailure);
    await expect(backend.failed).rejects.toMatchObject({ kind: 'out-of-memory' });
  });
});

describe('failure', () => {
  it('comes with the first uncaught error and a hint, and stops runs, reads and recording', async () => {
    const backend = createWebgpuBackend(device, about);
    const a = backend.tensor('f32', 1, 'a');
    const program = await backend.record('p', [{ op: 'clear', tensor: a }]);
    device.addEventListener('uncapturederror', (event) => event.preventDefault()); // as expected, so not printed
    device.createBuffer({ size: 4, usage: 0xffff });
    await expect(backend.failed).rejects.toBeInstanceOf(DeviceFailure);
    const failure = await backend.failed.catch((error: DeviceFailure) => error);
    expect(failure.kind).toBe('validation');
    expect(failure.message).toContain(failure.hint);
    await expect(backend.run(program)).rejects.toBe(failure);
    await expect(backend.read(a)).rejects.toBe(failure);
    await expect(backend.record('q', [])).rejects.toBe(failure);
    expect(backend.submissions).toBe(0);
  });

  it('comes with the loss of the device', async () => {
    const lost = Promise.resolve({ reason: 'unknown', message: 'The driver was reset.' } as GPUDeviceLostInfo);
    const backend = createWebgpuBackend(deviceWith({ lost }), about);
    await expect(backend.failed).rejects.toMatchObject({ kind: 'lost' });
    await expect(backend.failed).rejects.toThrow(/GPU lost: The driver was reset\. .*checkpoint/);
  });

  it('does not come with the destruction of the backend, after which it is of no use', async () => {
    const backend = createWebgpuBackend(device, about);
    const program = await backend.record('p', []);
    backend.destroy();
    expect((await device.lost).reason).toBe('destroyed');
    const settled = new Promise((resolve) => setTimeout(() => resolve('nothing'), 10));
    expect(await Promise.race([backend.failed, settled])).toBe('nothing');
    await expect(backend.run(program)).rejects.toThrow(/destroyed/);
  });
});
