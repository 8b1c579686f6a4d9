/** Writes the examples that the small model is trained on. */
import { runMain } from '../load.mjs';

await runMain('/scripts/micro/generate.ts', process.argv.slice(2));
