/** Makes the runs of an experiment, several at a time, and keeps each as soon as it is there. Knows neither files nor browsers. */
import type { RunRecord } from '../training/records.ts';
import type { Made, Results } from './results.ts';
import { chooseTuned, summarise } from './results.ts';
import type { Experiment, PlannedRun, Tuning } from './spec.ts';
import { mainRuns, tuningRuns } from './spec.ts';

/** Records of runs that were made before. */
export interface RecordShelf {
  read(id: string): Promise<RunRecord | null>;
  write(id: string, record: RunRecord): Promise<void>;
}

export interface ExperimentProgress {
  readonly done: number;
  readonly of: number;
  readonly failed: number;
  /** those under way */
  readonly running: readonly string[];
  /** from the runs made so far; null before the first */
  readonly secondsLeft: number | null;
}

export interface ExperimentParts {
  readonly shelf: RecordShelf;
  /** Makes one run. Resolves with its record whatever stopped it; rejects where there is none. */
  readonly make: (run: PlannedRun, signal: AbortSignal) => Promise<RunRecord>;
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExperimentProgress) => void;
  /** in milliseconds; nothing that is computed depends on it */
  readonly now: () => number;
}

/**
 * The grid first, then the runs with what it chose. What is on the shelf is not made again; a run that fails does not
 * stop the others; an abort leaves what is there.
 * @throws BadConfig
 */
export async function runExperiment(experiment: Experiment, parts: ExperimentParts): Promise<Results> {
  const grid = tuningRuns(experiment);
  // Told from the start how many there will be; what they are tuned to is not known yet.
  const total = grid.length + mainRuns(experiment, []).length;
  const crew = new Crew(parts, total);
  const tried = await crew.makeAll(grid);
  const tunings = parts.signal.aborted ? [] : chooseTuned(experiment, tried);
  const main = mainRuns(experiment, tunings);
  const made = parts.signal.aborted ? [] : await crew.makeAll(main);
  return summarise(experiment, [...grid, ...main], [...tried, ...made], tunings);
}

/** What is on the shelf already, without making anything. */
export async function readResults(experiment: Experiment, shelf: RecordShelf): Promise<Results> {
  const held = async (runs: readonly PlannedRun[]): Promise<Made[]> => {
    const found: Made[] = [];
    for (const run of runs) {
      const record = await shelf.read(run.id);
      if (record) found.push({ run, record, error: null });
    }
    return found;
  };
  const grid = tuningRuns(experiment);
  const tried = await held(grid);
  const tunings: readonly Tuning[] = tried.length === grid.length ? chooseTuned(experiment, tried) : [];
  const main = mainRuns(experiment, tunings);
  return summarise(experiment, [...grid, ...main], [...tried, ...(await held(main))], tunings);
}

class Crew {
  readonly #parts: ExperimentParts;
  readonly #of: number;
  readonly #running = new Set<string>();
  #done = 0;
  #failed = 0;
  #seconds = 0;
  #timed = 0;

  constructor(parts: ExperimentParts, of: number) {
    this.#parts = parts;
    this.#of = of;
  }

  async makeAll(runs: readonly PlannedRun[]): Promise<readonly Made[]> {
    const made: (Made | undefined)[] = runs.map(() => undefined);
    // Equal configs are one run: the second waits for the first.
    const first = new Map<string, Promise<Made>>();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < runs.length && !this.#parts.signal.aborted) {
        const i = next++;
        const run = runs[i];
        const making = first.get(run.id) ?? this.#make(run);
        first.set(run.id, making);
        made[i] = { ...(await making), run };
        this.#done++;
        this.#tell();
      }
    };
    this.#tell();
    await Promise.all(Array.from({ length: this.#parts.jobs }, work));
    return made.filter((one) => one !== undefined);
  }

  async #make(run: PlannedRun): Promise<Made> {
    const { shelf, make, signal, now } = this.#parts;
    const held = await shelf.read(run.id);
    if (held) return { run, record: held, error: null };
    const name = `${run.arm} on ${run.suite}, seed ${run.seed}`;
    this.#running.add(name);
    this.#tell();
    const start = now();
    try {
      const record = await make(run, signal);
      if (record.stopped === 'finished') await shelf.write(run.id, record);
      const error = typeof record.stopped === 'object' ? record.stopped.error : null;
      if (error !== null) this.#failed++;
      this.#seconds += (now() - start) / 1000;
      this.#timed++;
      return { run, record, error };
    } catch (error) {
      if (signal.aborted) return { run, record: null, error: null };
      this.#failed++;
      return { run, record: null, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    } finally {
      this.#running.delete(name);
    }
  }

  #tell(): void {
    const { jobs, onProgress } = this.#parts;
    const left = Math.max(0, this.#of - this.#done);
    onProgress({
      done: this.#done,
      of: this.#of,
      failed: this.#failed,
      running: [...this.#running],
      secondsLeft: this.#timed === 0 ? null : ((this.#seconds / this.#timed) * left) / jobs,
    });
  }
}
