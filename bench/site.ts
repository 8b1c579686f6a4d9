/** The bench page, built into a temporary folder and served on a free loopback port. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Lets the peers' WASM backends use threads. The lab itself never needs it. */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export async function serveBench(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const outDir = mkdtempSync(join(tmpdir(), 'skillflow-bench-'));
  const common = { root, configFile: false, logLevel: 'error' } as const;
  await build({
    ...common,
    base: './',
    build: {
      outDir,
      target: 'es2022',
      // TensorFlow.js starts its threads from the source text of a function, which minified names break.
      minify: false,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 10_000,
    },
  });
  const server = await preview({
    ...common,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, headers: ISOLATED },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
