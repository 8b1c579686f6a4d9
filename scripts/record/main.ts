/** `npm run record`: makes public/recorded/first.json, the run that the page shows before anything is trained. */
import { fileURLToPath } from 'node:url';
import { encodeRecorded } from '../../src/lab/recorded.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import { readJson, writeWhole } from '../lab/files.ts';
import { progressOn } from '../lab/progress.ts';
import { evaluationTable } from '../lab/table.ts';
import { recordRun } from './record.ts';

/** The first preset of the page, and where its recorded run lies. */
export const CONFIG = fileURLToPath(new URL('../../configs/hypergrid-8x8.json', import.meta.url));
export const OUT = fileURLToPath(new URL('../../public/recorded/first.json', import.meta.url));

export async function main(): Promise<void> {
  const config = resolveConfig(readJson(CONFIG));
  const progress = progressOn(process.stderr);
  const run = await recordRun(config, (step) => progress.show(`step ${step}/${config.steps}`));
  progress.end();
  const text = encodeRecorded(run);
  writeWhole(OUT, text);
  console.log(`${evaluationTable(run.record.evaluations)}\n\n${text.length} bytes written to ${OUT}`);
}
