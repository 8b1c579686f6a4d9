/** Compares text encoders by held-out success: runs the TypeScript of scripts/encoders/. */
import { runMain } from './load.mjs';

await runMain('/scripts/encoders/main.ts', process.argv.slice(2));
