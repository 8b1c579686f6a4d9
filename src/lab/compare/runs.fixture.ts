/** Kept runs for tests, with invented figures. */
import { type InventedRun, inventedRecord } from '../../training/inventedRuns.fixture.ts';
import { parseRecord } from '../../training/recordSchema.ts';
import { type KeptRun, keptRun } from '../kept/keptRun.ts';

export function invented(run: InventedRun): KeptRun {
  return keptRun(parseRecord(inventedRecord({ steps: 8, ...run })), 'lab', '2026-01-01T00:00:00.000Z');
}
