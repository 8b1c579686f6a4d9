import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acquireDevice, describeAdapter } from './device.ts';

const info = (fields: Partial<GPUAdapterInfo>): GPUAdapterInfo =>
  ({
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    isFallbackAdapter: false,
    ...fields,
  }) as GPUAdapterInfo;

/** A browser that offers this much of WebGPU. */
function browserWith(gpu: unknown, secure = true): void {
  vi.stubGlobal('isSecureContext', secure);
  vi.stubGlobal('navigator', { gpu });
}

const adapterWith = (features: string[], requestDevice: (descriptor: GPUDeviceDescriptor) => unknown): unknown => ({
  features: new Set(features),
  limits: { maxStorageBufferBindingSize: 2 ** 31, maxBufferSize: 2 ** 28 },
  info: info({ vendor: 'acme', architecture: 'anvil-9' }),
  requestDevice: async (descriptor: GPUDeviceDescriptor) => requestDevice(descriptor),
});

beforeEach(() => browserWith(undefined));
afterEach(() => vi.unstubAllGlobals());

const reason = async (options?: { forceFallback: boolean }): Promise<string> => {
  const acquired = await acquireDevice(options);
  return acquired.ok ? 'there is one' : acquired.reason;
};

it('tells apart why there is no device', async () => {
  expect(await reason()).toMatch(/no WebGPU/);
  browserWith(undefined, false);
  expect(await reason()).toMatch(/secure page.*https/);
  browserWith({ requestAdapter: async () => null });
  expect(await reason()).toMatch(/found no GPU/);
  expect(await reason({ forceFallback: true })).toMatch(/no software GPU/);
  browserWith({ requestAdapter: () => Promise.reject(new Error('GPU process gone')) });
  expect(await reason()).toMatch(/looking for a GPU failed: GPU process gone/);
  const refuse = (): never => {
    throw new Error('too many devices');
  };
  browserWith({ requestAdapter: async () => adapterWith([], refuse) });
  expect(await reason()).toMatch(/did not open a device: too many devices/);
});

it.each([
  [['timestamp-query', 'shader-f16'], ['timestamp-query']],
  [[], []],
])('asks for larger buffers and else for default limits, and of the features %j for %j', async (features, wanted) => {
  const asked: GPUDeviceDescriptor[] = [];
  const device = {};
  const requestDevice = (descriptor: GPUDeviceDescriptor): unknown => {
    asked.push(descriptor);
    return device;
  };
  browserWith({ requestAdapter: async () => adapterWith(features, requestDevice) });
  expect(await acquireDevice()).toEqual({ ok: true, device, adapterInfo: 'acme anvil-9', software: false });
  expect(asked[0].requiredFeatures).toEqual(wanted);
  expect(asked[0].requiredLimits).toEqual({ maxStorageBufferBindingSize: 2 ** 30, maxBufferSize: 2 ** 28 });
});

it('describes an adapter by its description or else by its names', () => {
  expect(describeAdapter(info({ description: 'Acme Anvil 9000', vendor: 'acme' })).words).toBe('Acme Anvil 9000');
  expect(describeAdapter(info({ vendor: 'acme', device: '0x1' })).words).toBe('acme 0x1');
  expect(describeAdapter(info({})).words).toBe('a GPU that the browser does not name');
});

it('recognises adapters that compute on the CPU', () => {
  const software = (fields: Partial<GPUAdapterInfo>): boolean => describeAdapter(info(fields)).software;
  expect(software({ vendor: 'google', architecture: 'swiftshader' })).toBe(true);
  expect(software({ description: 'llvmpipe (LLVM 19.1.7, 256 bits)' })).toBe(true);
  expect(software({ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' })).toBe(true);
  expect(software({ vendor: 'unknown', isFallbackAdapter: true })).toBe(true);
  expect(software({ vendor: 'nvidia', architecture: 'hopper' })).toBe(false);
});
