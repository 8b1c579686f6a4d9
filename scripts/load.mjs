/** Runs the TypeScript of a command: Vite resolves it as it does the page's, shaders as text included. */
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

/**
 * Calls `main(argv)` of a module and sets the exit status it returns. What the module imports later is found too.
 * @param {string} path of the module, from the repository's top
 * @param {readonly string[]} argv
 */
export async function runMain(path, argv) {
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, watch: null, ws: false },
    // Its files import each other without endings, which Node does not resolve.
    ssr: { noExternal: [/^@tensorflow\//] },
    // Found in the page only.
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  try {
    const { main } = await server.ssrLoadModule(path);
    process.exitCode = await main(argv);
  } finally {
    await server.close();
  }
}
