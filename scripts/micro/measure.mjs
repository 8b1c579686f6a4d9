/** Measures the small model that ships: writes public/micro/accuracy.json and the tables of docs/micro.md. */
import { runMain } from '../load.mjs';

await runMain('/scripts/micro/measure.ts', process.argv.slice(2));
