/** The bench (docs/bench.md): runs the TypeScript of bench/. */
import { runMain } from './load.mjs';

await runMain('/bench/command.ts', process.argv.slice(2));
