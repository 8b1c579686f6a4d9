/** The threads of a page's sandbox: workers, with the interpreter from the site itself. */
import interpreter from '@jitl/quickjs-ng-wasmfile-release-sync/wasm?url';
import type { FromThread, SandboxHost } from './threadProtocol.ts';

export const pageHost: SandboxHost = {
  async program() {
    const response = await fetch(interpreter);
    if (!response.ok) throw new Error(`${interpreter}: ${response.status} ${response.statusText}`);
    // Not by streaming: that refuses servers which send another type for the file.
    return WebAssembly.compile(await response.arrayBuffer());
  },
  start(onMessage, onBroken) {
    const worker = new Worker(new URL('./sandbox.worker.ts', import.meta.url), { type: 'module', name: 'sandbox' });
    worker.onmessage = ({ data }: MessageEvent<FromThread>) => onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      onBroken(event.message || 'its program could not be loaded');
    };
    return { post: (message) => worker.postMessage(message), end: () => worker.terminate() };
  },
};
