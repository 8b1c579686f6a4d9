import { playwright } from '@vitest/browser-playwright';
import { defineConfig, mergeConfig } from 'vitest/config';
import { findChromium, SOFTWARE_WEBGPU_FLAGS } from './scripts/chromium.mjs';
import { startModelServer, stopModelServer } from './src/executor/endpoint/browserCommands.fixture.ts';
import { askedArtefacts, startArtefacts, stopArtefacts } from './src/executor/webllm/artefactServer.fixture.ts';
import viteConfig from './vite.config.ts';

const executablePath = findChromium();

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      projects: [
        {
          extends: true,
          test: {
            name: 'node',
            environment: 'node',
            include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
            exclude: ['**/*.browser.test.{ts,tsx}'],
            testTimeout: 20_000,
          },
        },
        {
          extends: true,
          // Found now, not in the middle of a test: a dependency found late reloads the page.
          optimizeDeps: {
            include: [
              '@jitl/quickjs-ng-wasmfile-release-sync',
              '@huggingface/tokenizers',
              'd3-shape',
              'fast-check',
              'hyparquet-writer',
              'idb',
              'jstat',
              'katex',
              'minisearch',
              'onnx-proto',
              'onnxruntime-web/wasm',
              'onnxruntime-web/webgpu',
              'openai',
              'quickjs-emscripten-core',
              'react',
              'react-dom',
              'react-dom/client',
              'react/jsx-dev-runtime',
              'world-countries',
              'yaml',
              'zod',
              'zustand',
            ],
          },
          test: {
            name: 'browser',
            include: ['src/**/*.browser.test.{ts,tsx}'],
            testTimeout: 60_000,
            // A second is short on a busy machine for what the page loads on demand.
            expect: { poll: { timeout: 10_000 } },
            fileParallelism: false,
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              commands: { startModelServer, stopModelServer, startArtefacts, askedArtefacts, stopArtefacts },
              provider: playwright({
                launchOptions: {
                  ...(executablePath === undefined ? {} : { executablePath }),
                  args: SOFTWARE_WEBGPU_FLAGS,
                },
              }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ],
    },
  }),
);
