/** The command line of the lab (docs/scripting.md): runs the TypeScript of scripts/lab/. */
import { runMain } from './load.mjs';

await runMain('/scripts/lab/main.ts', process.argv.slice(2));
