import { expect, test } from 'vitest';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { MATMUL_BLOCK } from '../gpu/kernels/matmul.ts';
import { matmulGradient } from '../gpu/kernels/matmulGradient.ts';
import { smallGraphs, storeOf } from './kernels/supervisor.fixture.ts';
import { layoutParameters } from './parameters.ts';
import { capacities, layoutPlan } from './plan.ts';
import { createSupervisor } from './supervisor.ts';

test.each([
  { dimensions: 16, width: 8, heads: 2, depth: 1 },
  { dimensions: 16, width: 128, heads: 1, depth: 0 },
  { dimensions: 16, width: 128, heads: 16, depth: 2 },
  { dimensions: 64, width: 16, heads: 4, depth: 1 },
])('the partial sums of every weight gradient have room, also with more texts than edges: %o', async (shape) => {
  const backend = createCpuBackend();
  const store = storeOf(smallGraphs(3));
  // A batch with far more texts than edges: rows of texts then make the most chunks.
  const caps = { ...capacities(store, 3, 6), actionRows: 2500, tokenRows: 3500 };
  const layout = layoutParameters({ ...shape, skills: 0 });
  const offsets = layoutPlan(store, caps);
  const supervisor = createSupervisor(backend, layout, store, caps, offsets, new Float32Array(layout.length));
  const commands = [...supervisor.backwardSlots(), ...supervisor.backwardTargets(), ...supervisor.backwardLogZ()];
  const gradients = commands.filter(
    (command) => command.op === 'dispatch' && command.kernel.name === matmulGradient.name,
  );
  expect(gradients.length).toBeGreaterThan(0);
  const program = await backend.record('weight gradients', gradients, supervisor.tensors.counts);
  expect(program.dispatches).toBe(gradients.length);
  for (const command of gradients) {
    if (command.op !== 'dispatch') continue;
    const { tensors, params, invocations } = command;
    const height = params.inner + params.bias;
    const blocks = Math.ceil(height / MATMUL_BLOCK) * Math.ceil(params.columns / MATMUL_BLOCK);
    const chunks = Number(invocations) / blocks;
    expect(Number.isInteger(chunks)).toBe(true);
    expect(tensors.partial.length).toBeGreaterThanOrEqual(chunks * height * params.columns);
  }
});
