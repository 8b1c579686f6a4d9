import type { KernelTime } from './backend.ts';

/** Adds up the times of single dispatches by kernel, in the order in which kernels first appear. */
export function timesByKernel(
  dispatches: readonly { readonly kernel: string; readonly milliseconds: number }[],
): KernelTime[] {
  const times = new Map<string, KernelTime>();
  for (const { kernel, milliseconds } of dispatches) {
    const sum = times.get(kernel) ?? { kernel, milliseconds: 0, dispatches: 0 };
    times.set(kernel, { kernel, milliseconds: sum.milliseconds + milliseconds, dispatches: sum.dispatches + 1 });
  }
  return [...times.values()];
}
