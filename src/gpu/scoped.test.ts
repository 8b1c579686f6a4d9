import { expect, test } from 'vitest';
import { createCpuBackend } from './cpuBackend.ts';
import { inScope, scoped } from './scoped.ts';

test('a scope frees what was allocated through it and nothing else', async () => {
  const backend = createCpuBackend();
  const kept = backend.tensor('f32', 3, 'kept', [1, 2, 3]);
  const scope = scoped(backend);
  const own = scope.tensor('f32', 5, 'own');
  scope.tensor('u32', 7, 'own too');
  const view = scope.view(own, 0, 2, 'view');
  scope.write(view, [4, 5]);
  expect(Array.from(await scope.read(own))).toEqual([4, 5, 0, 0, 0]);
  expect(backend.bytes).toBe(4 * (3 + 5 + 7));
  scope.free(own);
  expect(scope.bytes).toBe(4 * (3 + 7));
  scope.destroy();
  expect(backend.bytes).toBe(4 * 3);
  expect(Array.from(await backend.read(kept))).toEqual([1, 2, 3]);
  scope.destroy();
  expect(backend.bytes).toBe(4 * 3);
});

test('what is made in a scope of its own is freed with it, and at once where the making fails', async () => {
  const backend = createCpuBackend();
  const { made, scope } = await inScope(backend, async (inner) => inner.tensor('f32', 5, 'made'));
  expect(made.length).toBe(5);
  const failing = inScope(backend, async (inner) => {
    inner.tensor('f32', 7, 'lost');
    expect(backend.bytes).toBe(4 * (5 + 7));
    throw new Error('no room');
  });
  await expect(failing).rejects.toThrow('no room');
  expect(backend.bytes).toBe(4 * 5);
  scope.destroy();
  expect(backend.bytes).toBe(0);
});
