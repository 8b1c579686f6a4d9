/** The command line of the lab (docs/scripting.md): loads the TypeScript of scripts/lab/ and runs it. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('./lab/main.ts', import.meta.url)), {
  configFile: false,
  root: fileURLToPath(new URL('..', import.meta.url)),
});
process.exitCode = await module.main(process.argv.slice(2));
