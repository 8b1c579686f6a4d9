/** A backend within a backend: what is allocated through it is freed together. */
import type { Backend, Tensor } from './backend.ts';

/** Something with the backend that it is allocated in, to be destroyed when that thing is done with. */
export interface Scoped<T> {
  readonly made: T;
  readonly scope: Backend;
}

/** Makes something in a scope of its own, and frees what it had allocated by then where that fails. @throws what `make` throws */
export async function inScope<T>(backend: Backend, make: (scope: Backend) => Promise<T>): Promise<Scoped<T>> {
  const scope = scoped(backend);
  try {
    return { made: await make(scope), scope };
  } catch (error) {
    scope.destroy();
    throw error;
  }
}

/**
 * Passes everything on to `backend`, and frees its own tensors when it is destroyed; the device stays. For trainers
 * that come and go on one device.
 */
export function scoped(backend: Backend): Backend {
  const own: Tensor[] = [];
  return {
    kind: backend.kind,
    adapter: backend.adapter,
    software: backend.software,
    get bytes() {
      return backend.bytes;
    },
    get submissions() {
      return backend.submissions;
    },
    failed: backend.failed,
    tensor: ((type: 'f32', length: number, label: string, data?: ArrayLike<number>) => {
      const tensor = backend.tensor(type, length, label, data);
      own.push(tensor);
      return tensor;
    }) as Backend['tensor'],
    free(tensor) {
      own.splice(own.indexOf(tensor), 1);
      backend.free(tensor);
    },
    view: (tensor, offset, length, label) => backend.view(tensor, offset, length, label),
    write: (tensor, data) => backend.write(tensor, data),
    record: (label, commands, counts) => backend.record(label, commands, counts),
    run: (program) => backend.run(program),
    read: ((tensor: Tensor<'f32'>) => backend.read(tensor)) as Backend['read'],
    profile: (program) => backend.profile(program),
    destroy() {
      for (const tensor of own.splice(0)) backend.free(tensor);
    },
  };
}
