/** Which device a run computes on, and what is said about it. */
import type { Backend } from '../gpu/backend.ts';
import type { RunConfig } from '../training/config.ts';
import type { DeviceInfo } from '../training/records.ts';
import { NoWebGPU } from './failure.ts';

export type OpenedBackend =
  | { readonly ok: true; readonly backend: Backend }
  /** `reason` is a sentence. */
  | { readonly ok: false; readonly reason: string };

/** Where backends come from. Each call makes a new one. */
export interface Devices {
  webgpu(): Promise<OpenedBackend>;
  cpu(): Backend;
}

/**
 * `auto` takes WebGPU where there is some and the CPU elsewhere; `fallback` then says why.
 * @throws NoWebGPU where the config insists on it
 */
export async function openBackend(
  wanted: RunConfig['device'],
  devices: Devices,
): Promise<{ readonly backend: Backend; readonly fallback: string | null }> {
  if (wanted === 'cpu') return { backend: devices.cpu(), fallback: null };
  const opened = await devices.webgpu();
  if (opened.ok) return { backend: opened.backend, fallback: null };
  if (wanted === 'webgpu') throw new NoWebGPU(opened.reason);
  return { backend: devices.cpu(), fallback: opened.reason };
}

export function deviceInfo({ kind, adapter, software }: Backend): DeviceInfo {
  return { backend: kind, adapter, software };
}
