/** The bench (docs/bench.md): loads the TypeScript of bench/ and runs it. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('../bench/command.ts', import.meta.url)), {
  configFile: false,
  root: fileURLToPath(new URL('..', import.meta.url)),
});
process.exitCode = await module.main(process.argv.slice(2));
