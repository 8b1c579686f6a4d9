/**
 * The experiments of the page: those that come with it and those opened from files, what was made of each here, and
 * the one that is being made. It goes on whatever view is shown.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Results, Variance } from '../../experiments/results.ts';
import { type ExperimentProgress, readResults, runExperiment } from '../../experiments/runExperiment.ts';
import { devicesOf, type Experiment, onDevice, type PlannedRun } from '../../experiments/spec.ts';
import type { Problem } from '../../training/badConfig.ts';
import type { RunRecord } from '../../training/records.ts';
import type { TextFile } from '../kept/keptRun.ts';
import { failureOf } from '../store/failures.ts';
import type { DeviceChoice, ExperimentShelf, Remembered } from './experimentShelf.ts';
import type { RunStanding } from './makeInSession.ts';
import { BadExperiment, experimentIn } from './openedFile.ts';

export interface Entry {
  readonly key: string;
  readonly experiment: Experiment;
  /** It comes with the page, or was opened from a file. */
  readonly origin: 'lab' | 'file';
}

/** What there is of an experiment on this page's shelf, as of the last look. */
export interface Here {
  readonly results: Results;
  /** finished runs */
  readonly kept: number;
  readonly of: number;
  /** Every run is there and, where it asks for one, the table of variances. */
  readonly complete: boolean;
}

export interface RunUnderWay extends RunStanding {
  readonly name: string;
}

/** The experiment that is being made. */
export interface Going extends Omit<ExperimentProgress, 'running'> {
  readonly key: string;
  /** those under way, by stage and id */
  readonly under: ReadonlyMap<string, RunUnderWay>;
  /** Runs that were made since the start; the estimate is by their mean. */
  readonly timed: number;
  /** at a time */
  readonly jobs: number;
  /** how far the table of variances is; null before it is begun */
  readonly variance: { readonly done: number; readonly of: number } | null;
  readonly cancelling: boolean;
}

export interface ExperimentsState {
  readonly entries: readonly Entry[];
  /** the key of the one that is shown */
  readonly chosen: string;
  readonly devices: Readonly<Record<string, DeviceChoice>>;
  readonly shown: Readonly<Record<string, 'recorded' | 'made'>>;
  readonly here: Readonly<Record<string, Here>>;
  readonly going: Going | null;
  readonly storage: Pick<ExperimentShelf, 'kept' | 'reason'>;
  /** What is wrong with the file that was opened last. */
  readonly fault: { readonly message: string; readonly problems: readonly Problem[] } | null;
}

export interface ExperimentsActions {
  choose(key: string): void;
  show(key: string, which: 'recorded' | 'made'): void;
  /** Which device its runs are made on, from the next start on. */
  setDevice(key: string, device: DeviceChoice): Promise<void>;
  /** An experiment from a file takes the place of an earlier one of its name. */
  openFile(file: TextFile): Promise<void>;
  dismissFault(): void;
  /** Reads what there is of it on the shelf. */
  look(key: string): Promise<void>;
  /** Makes what is not on the shelf yet. Resolves when it is over; does nothing while one is being made. */
  start(key: string): Promise<void>;
  cancel(): void;
  /** Deletes its runs, and the experiment itself where it came from a file. */
  discard(key: string): Promise<void>;
  /** Its finished runs but those of the tuning, with all their steps. */
  records(key: string): Promise<readonly RunRecord[]>;
}

export type Experiments = StoreApi<ExperimentsState & ExperimentsActions>;

export interface ExperimentsParts {
  readonly shipped: readonly Experiment[];
  readonly shelf: ExperimentShelf;
  /** Tells how far each run is. */
  readonly makeWith: (
    onStanding: (run: PlannedRun, standing: RunStanding | null) => void,
  ) => (run: PlannedRun, signal: AbortSignal) => Promise<RunRecord>;
  readonly makeVariances: (
    experiment: Experiment,
    signal: AbortSignal,
    onProgress: (done: number, of: number) => void,
  ) => Promise<readonly Variance[]>;
  readonly tell: (level: 'info' | 'warning' | 'error', text: string, hint?: string) => void;
  /** Milliseconds since 1970. */
  readonly date: () => number;
  /** Processors of this device. */
  readonly cores: number;
  /** in milliseconds */
  readonly now: () => number;
}

/** With fewer processors a second run would slow the first and the page. */
const CORES_FOR_TWO = 5;

/** What a planned run is called while it is under way. */
export function nameOf({ arm, suite, seed, stage }: PlannedRun): string {
  return `${arm} on ${suite}, seed ${seed}${stage === 'tune' ? ', tuning' : ''}`;
}

/** A run of the grid and one of the main stage may have one config, and so one id. */
function keyOf({ stage, id }: Pick<PlannedRun, 'stage' | 'id'>): string {
  return `${stage} ${id}`;
}

/** With the choice of its device. */
export function asChosen({ experiment }: Entry, device: DeviceChoice): Experiment {
  return device === 'asGiven' ? experiment : onDevice(experiment, device);
}

export async function createExperiments(parts: ExperimentsParts): Promise<Experiments> {
  const { shelf, tell } = parts;
  const remembered = await shelf.remembered();
  const shipped = parts.shipped.map((experiment): Entry => ({ key: experiment.name, experiment, origin: 'lab' }));
  const opened = remembered.flatMap(({ key, opened: experiment }): Entry[] =>
    experiment === null ? [] : [{ key, experiment, origin: 'file' }],
  );

  // Whoever comes back is shown what was begun last.
  const last = remembered.reduce<Remembered | null>((a, b) => (a === null || b.at > a.at ? b : a), null);
  const known = [...shipped, ...opened].map(({ key }) => key);

  return createStore((set, get) => {
    let abort = new AbortController();
    /** Runs that failed on this visit, by stage and id, with what they failed with. */
    const failures = new Map<string, string>();
    /** The number of each experiment's last look. */
    const looks = new Map<string, number>();

    const entryOf = (key: string): Entry | undefined => get().entries.find((entry) => entry.key === key);
    const experimentOf = (entry: Entry): Experiment => asChosen(entry, get().devices[entry.key] ?? 'asGiven');

    function remember(key: string, opened: Experiment | null): Promise<void> {
      return shelf.remember({ key, device: get().devices[key] ?? 'asGiven', opened, at: parts.date() });
    }

    function going(change: (now: Going) => Partial<Going>): void {
      const now = get().going;
      if (now !== null) set({ going: { ...now, ...change(now) } });
    }

    /** The results of what is on the shelf, with what failed on this visit. */
    async function resultsOf(experiment: Experiment): Promise<Here> {
      const results = await readResults(experiment, shelf);
      const variances = experiment.variance === undefined ? [] : await shelf.variances(experiment);
      const runs = results.runs.map((run) => {
        const error = failures.get(keyOf(run));
        return run.status === 'finished' || error === undefined ? run : { ...run, status: 'failed' as const, error };
      });
      const kept = runs.filter(({ status }) => status === 'finished').length;
      return {
        results: { ...results, runs, variances: variances ?? [] },
        kept,
        of: runs.length,
        complete: kept === runs.length && variances !== null,
      };
    }

    /** Counts the runs that were made, and remembers those that failed. */
    function counted(
      make: ReturnType<ExperimentsParts['makeWith']>,
      onMade: (run: PlannedRun) => void,
    ): ReturnType<ExperimentsParts['makeWith']> {
      return async (run, signal) => {
        const id = keyOf(run);
        failures.delete(id);
        try {
          const record = await make(run, signal);
          if (typeof record.stopped === 'object') failures.set(id, record.stopped.error);
          else onMade(run);
          going(({ timed }) => ({ timed: timed + 1 }));
          return record;
        } catch (error) {
          const { name, message } = failureOf(error);
          if (!signal.aborted) failures.set(id, `${name}: ${message}`);
          throw error;
        }
      };
    }

    async function makeAll(key: string, experiment: Experiment, jobs: number, signal: AbortSignal): Promise<void> {
      const make = parts.makeWith((run, standing) =>
        going(({ under }) => {
          const next = new Map(under);
          if (standing === null) next.delete(keyOf(run));
          else next.set(keyOf(run), { ...standing, name: nameOf(run) });
          return { under: next };
        }),
      );
      // The first results of a stage show by themselves; later ones wait until the reader asks, or for the end.
      const held = get().here[key];
      const shown = new Set<PlannedRun['stage']>();
      if (held !== undefined && held.kept > 0) shown.add('tune');
      if (held !== undefined && held.results.rows.length > 0) shown.add('main');
      let isFirst = false;
      const onMade = ({ stage }: PlannedRun): void => {
        isFirst ||= !shown.has(stage);
        shown.add(stage);
      };
      await runExperiment(experiment, {
        shelf: {
          read: (id) => shelf.read(id),
          async write(id, record) {
            await shelf.write(id, record);
            if (isFirst) void get().look(key);
            isFirst = false;
          },
        },
        make: counted(make, onMade),
        jobs,
        signal,
        now: parts.now,
        onProgress: ({ running: _, ...progress }) => going(() => progress),
      });
      if (signal.aborted || experiment.variance === undefined || (await shelf.variances(experiment)) !== null) return;
      going(() => ({ variance: { done: 0, of: 0 }, secondsLeft: null }));
      const rows = await parts.makeVariances(experiment, signal, (done, of) =>
        going(() => ({ variance: { done, of } })),
      );
      await shelf.writeVariances(experiment, rows);
    }

    return {
      entries: [...shipped, ...opened],
      chosen: known.find((key) => key === last?.key) ?? known[0] ?? '',
      devices: Object.fromEntries(remembered.map(({ key, device }) => [key, device])),
      shown: {},
      here: {},
      going: null,
      storage: { kept: shelf.kept, reason: shelf.reason },
      fault: null,
      choose(key) {
        set({ chosen: key });
      },
      show(key, which) {
        set({ shown: { ...get().shown, [key]: which } });
      },
      async setDevice(key, device) {
        if (get().going?.key === key) return;
        set({ devices: { ...get().devices, [key]: device } });
        await get().look(key);
      },
      async openFile(file) {
        try {
          const experiment = experimentIn(file);
          const key = `file ${experiment.name}`;
          if (get().going?.key === key) {
            throw new BadExperiment(`${experiment.name} is being run; cancel it before another takes its name.`);
          }
          const { [key]: _, ...here } = get().here;
          const others = get().entries.filter((entry) => entry.key !== key);
          set({ entries: [...others, { key, experiment, origin: 'file' }], chosen: key, fault: null, here });
          await remember(key, experiment);
          // The view looks when it shows another key; this one may have been shown already.
          await get().look(key);
        } catch (error) {
          const problems = error instanceof BadExperiment ? error.problems : [];
          set({ fault: { message: failureOf(error).message, problems } });
        }
      },
      dismissFault() {
        set({ fault: null });
      },
      async look(key) {
        const entry = entryOf(key);
        if (entry === undefined) return;
        const look = (looks.get(key) ?? 0) + 1;
        looks.set(key, look);
        const here = await resultsOf(experimentOf(entry));
        // A later look sees more, or another device.
        if (look === looks.get(key)) set({ here: { ...get().here, [key]: here } });
      },
      async start(key) {
        const entry = entryOf(key);
        if (entry === undefined || get().going !== null) return;
        const experiment = experimentOf(entry);
        const onCpu = devicesOf(experiment).every((device) => device === 'cpu');
        const jobs = onCpu && parts.cores >= CORES_FOR_TWO ? 2 : 1;
        abort = new AbortController();
        set({
          shown: { ...get().shown, [key]: 'made' },
          going: {
            key,
            done: 0,
            of: get().here[key]?.of ?? 0,
            failed: 0,
            under: new Map(),
            secondsLeft: null,
            timed: 0,
            jobs,
            variance: null,
            cancelling: false,
          },
        });
        try {
          await remember(key, entry.origin === 'file' ? entry.experiment : null);
          await makeAll(key, experiment, jobs, abort.signal);
        } catch (error) {
          if (!abort.signal.aborted) {
            const { message, hint } = failureOf(error);
            tell('error', `${experiment.title} was stopped: ${message}`, hint);
          }
        }
        await get().look(key);
        set({ going: null });
      },
      cancel() {
        if (abort.signal.aborted) return;
        going(() => ({ cancelling: true }));
        abort.abort();
      },
      async discard(key) {
        const entry = entryOf(key);
        if (entry === undefined || get().going?.key === key) return;
        const experiment = experimentOf(entry);
        try {
          const { results } = await resultsOf(experiment);
          for (const run of results.runs) failures.delete(keyOf(run));
          await shelf.discard(
            experiment,
            results.runs.map(({ id }) => id),
          );
          await shelf.forget(key);
        } catch (error) {
          tell('error', `The runs of ${experiment.title} could not be deleted: ${failureOf(error).message}`);
        }
        const { [key]: _, ...here } = get().here;
        set({ here, shown: { ...get().shown, [key]: 'recorded' } });
        if (entry.origin === 'lab') return get().look(key);
        const entries = get().entries.filter((other) => other.key !== key);
        set({ entries, chosen: entries[0]?.key ?? '' });
      },
      async records(key) {
        const entry = entryOf(key);
        if (entry === undefined) return [];
        const { results } = await resultsOf(experimentOf(entry));
        const ids = new Set(
          results.runs.filter(({ stage, status }) => stage === 'main' && status === 'finished').map(({ id }) => id),
        );
        const records: RunRecord[] = [];
        for (const id of ids) {
          const record = await shelf.whole(id);
          if (record !== null) records.push(record);
        }
        return records;
      },
    };
  });
}
