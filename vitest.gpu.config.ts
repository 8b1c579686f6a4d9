/**
 * The tests of kernels and training steps, in Node on Dawn (npm `webgpu`): for machines with a GPU and no browser.
 *
 *     npx vitest run --config vitest.gpu.config.ts
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'gpu',
    environment: 'node',
    setupFiles: ['scripts/dawn.setup.ts'],
    include: ['src/{gpu,supervisor,flow,training}/**/*.browser.test.ts'],
    exclude: [
      // IndexedDB is the browser's.
      'src/training/liveTraining.browser.test.ts',
      // Says that the adapter is no GPU.
      'src/gpu/softwareAdapter.browser.test.ts',
    ],
    testTimeout: 60_000,
    fileParallelism: false,
  },
});
