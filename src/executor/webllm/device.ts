/** What this device can do for a language model, asked for before anything is downloaded. */
import { ModelFailure } from '../modelFailure.ts';

/** The adapter as far as the browser tells. No browser tells how much memory a GPU has. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  /** It computes on the CPU. */
  readonly software: boolean;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<LimitName, number>>;
}

export interface DeviceFacts {
  /** A secure context: https, or localhost. */
  readonly secure: boolean;
  /** null: there is no WebGPU, or it found no GPU. */
  readonly adapter: AdapterFacts | null;
  /** Main memory in GiB, rounded, at most 8 (or 32) as browsers tell it; null where they do not. */
  readonly memory: number | null;
}

/**
 * Limits in bytes or counts below which the engine of 0.2.86 does not start: its `detectGPUDevice` asks for a gibibyte, and
 * falls back to these.
 */
export const LEAST_LIMITS = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeWorkgroupStorageSize: 2 ** 15,
  maxStorageBuffersPerShaderStage: 10,
} as const;
export type LimitName = keyof typeof LEAST_LIMITS;
export const LIMIT_NAMES = Object.keys(LEAST_LIMITS) as readonly LimitName[];

/** What is asked of a scope, a page's or a worker's. */
export interface Scope {
  readonly isSecureContext: boolean;
  readonly navigator: { readonly gpu?: GPU | undefined; readonly deviceMemory?: number };
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/** Asks for an adapter as the engine will, and for no device. Never throws. */
export async function readDevice(scope: Scope = globalThis as unknown as Scope): Promise<DeviceFacts> {
  const { gpu, deviceMemory } = scope.navigator;
  const found = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  const facts = { secure: scope.isSecureContext, memory: deviceMemory ?? null };
  if (!found) return { ...facts, adapter: null };
  const { vendor, architecture, device, description, isFallbackAdapter } = found.info;
  return {
    ...facts,
    adapter: {
      vendor,
      architecture,
      software: isFallbackAdapter === true || SOFTWARE.test([vendor, architecture, device, description].join(' ')),
      features: new Set(found.features),
      limits: Object.fromEntries(LIMIT_NAMES.map((name) => [name, found.limits[name]])) as Record<LimitName, number>,
    },
  };
}

/**
 * The adapter of a device that can run a model at all.
 * @throws ModelFailure of kind `insecure-page` or `no-adapter`
 */
export function adapterOf({ secure, adapter }: DeviceFacts): AdapterFacts {
  if (!secure) {
    throw new ModelFailure(
      'insecure-page',
      'This page was opened over http, and browsers give WebGPU and storage for a model to secure pages only.',
      'Open it over https, or from localhost.',
    );
  }
  if (adapter === null) {
    throw new ModelFailure(
      'no-adapter',
      'The browser found no GPU for WebGPU. Nothing was downloaded.',
      'Use a browser with WebGPU and its hardware acceleration switched on, update the driver, or choose an executor that needs no GPU.',
    );
  }
  return adapter;
}
