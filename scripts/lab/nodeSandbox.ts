/** The threads of a sandbox in Node: worker threads that run the same program as the page's worker. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import type { FromThread, SandboxHost } from '../../src/graders/sandbox/threadProtocol.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The thread's program as one file: Node reads no TypeScript. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    // The page's build of the interpreter's loader: it reads no files.
    ssr: { noExternal: true, resolve: { conditions: ['browser', 'module', 'import', 'default'] } },
    build: {
      ssr: 'scripts/lab/sandboxThread.ts',
      write: false,
      target: 'node20',
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunk = outputs.flatMap((made) => ('output' in made ? made.output : [])).find(({ type }) => type === 'chunk');
  if (chunk?.type !== 'chunk') throw new Error('the build of scripts/lab/sandboxThread.ts gave no program');
  return `data:text/javascript;base64,${Buffer.from(chunk.code).toString('base64')}`;
}

let bundled: Promise<string> | undefined;
let address = '';

export const nodeSandboxHost: SandboxHost = {
  async program() {
    bundled ??= bundle();
    address = await bundled;
    const { resolve } = createRequire(import.meta.url);
    return WebAssembly.compile(await readFile(resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm')));
  },
  start(onMessage, onBroken) {
    const worker = new Worker(new URL(address), { env: {}, stdin: false });
    // Between runs it does not keep the process, so that a sandbox nobody closed does not either.
    worker.on('message', (message: FromThread) => {
      worker.unref();
      onMessage(message);
    });
    worker.on('error', (error: Error) => onBroken(error.message));
    worker.on('exit', (status) => onBroken(`it ended with status ${status}`));
    return {
      post: (message) => {
        worker.ref();
        worker.postMessage(message);
      },
      end: () => {
        worker.removeAllListeners();
        void worker.terminate();
      },
    };
  },
};
