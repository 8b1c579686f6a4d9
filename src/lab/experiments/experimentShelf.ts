/**
 * The runs of experiments that were made here. A run is stored in two parts: what results are made from, with the last
 * steps alone, and all of its steps, so that a view of hundreds of runs need not read them. What is read is of unknown
 * origin; what is not what it should be counts as not there, so that it is made again.
 */
import { z } from 'zod';
import { LAST_STEPS, type Variance } from '../../experiments/results.ts';
import { resultsSchema } from '../../experiments/resultsSchema.ts';
import type { RecordShelf } from '../../experiments/runExperiment.ts';
import { type Experiment, readExperiment } from '../../experiments/spec.ts';
import type { CheckpointStore } from '../../session/storage.ts';
import { BadConfig } from '../../training/badConfig.ts';
import { configKey } from '../../training/configKey.ts';
import { BadRecord, parseRecord } from '../../training/recordSchema.ts';
import type { RunRecord } from '../../training/records.ts';
import { digest } from '../runName.ts';
import type { ExperimentStorage, Table } from './experimentStorage.ts';

/** Which device all runs of an experiment are made on; `asGiven`: the one that its file says. */
export const DEVICE_CHOICES = ['asGiven', 'auto', 'cpu'] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** What is remembered of an experiment: the choice of its device and, where it came from a file, the experiment. */
export interface Remembered {
  readonly key: string;
  readonly device: DeviceChoice;
  readonly opened: Experiment | null;
  /** When it was opened or started last, in milliseconds since 1970. */
  readonly at: number;
}

export interface ExperimentShelf extends RecordShelf {
  readonly kept: boolean;
  readonly reason: string;
  /** A finished run with the last of its steps, which is all that results are made from. */
  read(id: string): Promise<RunRecord | null>;
  /** Where it cannot be stored, that is told, and the run is there until the page is closed. */
  write(id: string, record: RunRecord): Promise<void>;
  /** A finished run with all of its steps. */
  whole(id: string): Promise<RunRecord | null>;
  variances(experiment: Experiment): Promise<readonly Variance[] | null>;
  writeVariances(experiment: Experiment, rows: readonly Variance[]): Promise<void>;
  /** The runs with their checkpoints, and the experiment's variances. */
  discard(experiment: Experiment, ids: readonly string[]): Promise<void>;
  remembered(): Promise<readonly Remembered[]>;
  remember(what: Remembered): Promise<void>;
  forget(key: string): Promise<void>;
}

const stepsSchema = z.array(z.unknown());
const variancesSchema = resultsSchema.shape.variances;
const rememberedSchema = z.strictObject({
  key: z.string(),
  device: z.enum(DEVICE_CHOICES),
  opened: z.unknown(),
  at: z.number(),
});

export interface ShelfParts {
  readonly storage: ExperimentStorage;
  /** of the workers that make the runs */
  readonly checkpoints: Pick<CheckpointStore, 'delete'>;
  /** Says once what could not be stored. */
  readonly tell: (text: string, hint: string) => void;
}

export function createExperimentShelf({ storage, checkpoints, tell }: ShelfParts): ExperimentShelf {
  // What was read or made on this visit; what could not be stored is here alone.
  const known = new Map<string, RunRecord>();
  const unstored = new Map<string, RunRecord>();
  let told = false;

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!told) {
        const full = error instanceof Error && error.name === 'QuotaExceededError';
        const words = full ? 'the browser’s storage is full' : error instanceof Error ? error.message : String(error);
        tell(
          `A run of the experiment is here until the page is closed, but could not be kept: ${words}.`,
          full ? 'Discard runs of other experiments, or free space on the device; export the results you need.' : '',
        );
      }
      told = true;
      return false;
    }
  }

  async function stored(table: Table, key: string): Promise<unknown> {
    try {
      return await storage.get(table, key);
    } catch {
      // A database that was closed under the page holds nothing for it.
      return undefined;
    }
  }

  async function readable(id: string, steps?: unknown): Promise<RunRecord | null> {
    const row = await stored('runs', id);
    if (typeof row !== 'object' || row === null) return null;
    try {
      const record = parseRecord(steps === undefined ? row : { ...row, steps });
      return record.stopped === 'finished' && configKey(record.config) === id ? record : null;
    } catch (error) {
      if (error instanceof BadRecord) return null;
      throw error;
    }
  }

  return {
    kept: storage.kept,
    reason: storage.reason,
    async read(id) {
      const held = known.get(id) ?? (await readable(id));
      if (held !== null) known.set(id, held);
      return held;
    },
    async write(id, record) {
      const lean = { ...record, steps: record.steps.slice(-LAST_STEPS) };
      known.set(id, lean);
      const put = await attempt(() =>
        storage.put([
          { table: 'runs', key: id, value: lean },
          { table: 'steps', key: id, value: record.steps },
        ]),
      );
      if (!put) unstored.set(id, record);
      await checkpoints.delete(id).catch(() => {});
    },
    async whole(id) {
      const steps = stepsSchema.safeParse(await stored('steps', id));
      return unstored.get(id) ?? (steps.success ? readable(id, steps.data) : null);
    },
    async variances(experiment) {
      const rows = variancesSchema.safeParse(await stored('variances', digest(experiment)));
      return rows.success ? rows.data : null;
    },
    async writeVariances(experiment, rows) {
      await attempt(() => storage.put([{ table: 'variances', key: digest(experiment), value: rows }]));
    },
    async discard(experiment, ids) {
      for (const id of ids) {
        known.delete(id);
        unstored.delete(id);
        await checkpoints.delete(id).catch(() => {});
      }
      await storage.delete(['runs', 'steps'], ids);
      await storage.delete(['variances'], [digest(experiment)]);
    },
    async remembered() {
      let rows: readonly unknown[];
      try {
        rows = await storage.all('experiments');
      } catch {
        return [];
      }
      return rows.flatMap((row) => rememberedIn(row) ?? []);
    },
    async remember(what) {
      await attempt(() => storage.put([{ table: 'experiments', key: what.key, value: what }]));
    },
    async forget(key) {
      await storage.delete(['experiments'], [key]);
    },
  };
}

/** null for what cannot be read any more */
function rememberedIn(row: unknown): Remembered | null {
  const parsed = rememberedSchema.safeParse(row);
  if (!parsed.success) return null;
  try {
    const { opened } = parsed.data;
    return { ...parsed.data, opened: opened === null ? null : readExperiment(opened) };
  } catch (error) {
    if (error instanceof BadConfig) return null;
    throw error;
  }
}
