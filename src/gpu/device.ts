/** Finds a WebGPU device, or says in words why there is none. */

export type Acquired =
  | { readonly ok: true; readonly device: GPUDevice; readonly adapterInfo: string; readonly software: boolean }
  | { readonly ok: false; readonly reason: string };

/** Architectures and devices of adapters that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/** The adapter in words, as far as the browser tells, and whether it computes on the CPU. */
export function describeAdapter(info: GPUAdapterInfo): { readonly words: string; readonly software: boolean } {
  const { vendor, architecture, device, description } = info;
  const named = description || [vendor, architecture, device].filter((word) => word !== '').join(' ');
  const software =
    info.isFallbackAdapter === true || SOFTWARE.test([vendor, architecture, device, description].join(' '));
  return { words: named || 'a GPU that the browser does not name', software };
}

const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * A device at default limits, with timestamps where the adapter has them. Works in pages and workers.
 * @param options.forceFallback asks for the browser's software adapter
 */
export async function acquireDevice(options: { readonly forceFallback?: boolean } = {}): Promise<Acquired> {
  if (!globalThis.isSecureContext) {
    return { ok: false, reason: 'WebGPU needs a secure page: open this one over https, or from localhost.' };
  }
  const gpu: GPU | undefined = navigator.gpu;
  if (!gpu) return { ok: false, reason: 'This browser has no WebGPU, or it is switched off.' };
  return deviceOf(gpu, options);
}

/** The same from any implementation of WebGPU, such as Dawn in Node. */
export async function deviceOf(gpu: GPU, options: { readonly forceFallback?: boolean } = {}): Promise<Acquired> {
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ forceFallbackAdapter: options.forceFallback ?? false });
  } catch (error) {
    return { ok: false, reason: `There is WebGPU, but looking for a GPU failed: ${inWords(error)}` };
  }
  if (!adapter) {
    const which = options.forceFallback ? 'no software GPU' : 'no GPU that may be used';
    return { ok: false, reason: `There is WebGPU, but it found ${which}; its driver may be blocked.` };
  }

  try {
    const requiredFeatures: GPUFeatureName[] = adapter.features.has('timestamp-query') ? ['timestamp-query'] : [];
    const device = await adapter.requestDevice({ label: 'SkillFlow Lab', requiredFeatures });
    const { words, software } = describeAdapter(adapter.info);
    return { ok: true, device, adapterInfo: words, software };
  } catch (error) {
    return { ok: false, reason: `The GPU was found, but did not open a device: ${inWords(error)}` };
  }
}
