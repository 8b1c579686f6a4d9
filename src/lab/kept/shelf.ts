/**
 * The runs that are kept: what is on the shelf, which of them are compared, and what a person can do with them.
 * Storage follows what is on the shelf; where it fails, that is told and the shelf goes on.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunRecord } from '../../training/records.ts';
import { fileNameOf, type KeptRun, keptRun, readFile, readStored, stepsOf, type TextFile } from './keptRun.ts';
import type { RunStorage } from './runStorage.ts';

export interface ShelfState {
  readonly status: 'closed' | 'opening' | 'open';
  readonly storage: Pick<RunStorage, 'kept' | 'reason'> | null;
  /** The run that ships with the page first, then the others, the newest first. */
  readonly runs: readonly KeptRun[];
  readonly chosen: ReadonlySet<string>;
  /** What was deleted last, as long as it can be taken back. */
  readonly deleted: KeptRun | null;
}

export interface ShelfActions {
  /** Reads what is stored, once. */
  open(): Promise<void>;
  keep(record: RunRecord): Promise<void>;
  /** Puts the run that ships with the page on the shelf; it is not stored. */
  showRecorded(record: RunRecord): void;
  importFiles(files: readonly TextFile[]): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  delete(id: string): Promise<void>;
  undoDelete(): Promise<void>;
  /** Of everything but the run that ships with the page. */
  deleteAll(): Promise<void>;
  choose(ids: readonly string[], chosen: boolean): void;
}

export type Shelf = StoreApi<ShelfState & ShelfActions>;

export interface ShelfParts {
  readonly openStorage: () => Promise<RunStorage>;
  readonly tell: (level: 'info' | 'warning' | 'error', text: string, hint?: string) => void;
  /** The present time, ISO 8601. */
  readonly now: () => string;
}

export function createShelf({ openStorage, tell, now }: ShelfParts): Shelf {
  return createStore((set, get) => {
    let opened: Promise<RunStorage> | null = null;

    function storage(): Promise<RunStorage> {
      opened ??= read();
      return opened;
    }

    async function read(): Promise<RunStorage> {
      set({ status: 'opening' });
      const store = await openStorage();
      const rows = await attempt(() => store.all(), 'The kept runs could not be read');
      const runs = (rows ?? []).flatMap((row) => readStored(row) ?? []);
      const lost = (rows ?? []).length - runs.length;
      if (lost > 0) {
        tell(
          'warning',
          `${lost} kept ${lost === 1 ? 'run' : 'runs'} of another version cannot be read.`,
          'They stay where they are; Delete all takes them away.',
        );
      }
      set({ status: 'open', storage: { kept: store.kept, reason: store.reason } });
      place(runs);
      return store;
    }

    /** Puts runs on the shelf in the place of those with their ids; new ones are compared if they can be. */
    function place(added: readonly KeptRun[]): void {
      const { runs, chosen } = get();
      const held = new Set(runs.map(({ id }) => id));
      const others = runs.filter(({ id }) => !added.some((run) => run.id === id));
      const comparable = added.filter(
        ({ id, record }) => !held.has(id) && record.evaluations.some(({ step }) => step > 0),
      );
      set({
        runs: [...others, ...added].sort(byAge),
        chosen: new Set([...chosen, ...comparable.map(({ id }) => id)]),
      });
    }

    async function attempt<T>(work: () => Promise<T>, what: string): Promise<T | null> {
      try {
        return await work();
      } catch (error) {
        const full = error instanceof Error && error.name === 'QuotaExceededError';
        const words = full ? 'the browser’s storage is full' : error instanceof Error ? error.message : String(error);
        tell(
          'error',
          `${what}: ${words}.`,
          full ? 'Export runs and delete them here, or free space on the device.' : '',
        );
        return null;
      }
    }

    async function store(run: KeptRun): Promise<void> {
      const place = await storage();
      await attempt(() => place.put(run), `${run.name} is here until the page is closed, but could not be kept`);
    }

    const found = (id: string): KeptRun | undefined => get().runs.find((run) => run.id === id);

    return {
      status: 'closed',
      storage: null,
      runs: [],
      chosen: new Set<string>(),
      deleted: null,
      async open() {
        await storage();
      },
      async keep(record) {
        await storage();
        const run = keptRun(record, 'lab', now());
        const held = found(run.id);
        if (held !== undefined && stepsOf(held) > stepsOf(run)) return;
        const named = held === undefined ? run : { ...run, name: held.name };
        place([named]);
        await store(named);
      },
      showRecorded(record) {
        place([keptRun(record, 'recorded', record.timing.startedAt)]);
      },
      async importFiles(files) {
        await storage();
        const read: KeptRun[] = [];
        const faults: string[] = [];
        for (const file of files) {
          try {
            read.push(readFile(file, now()));
          } catch (error) {
            faults.push(`${file.name}: ${error instanceof Error ? error.message : String(error)}.`);
          }
        }
        // What was there stays as it was, but for a run that has gone further.
        const fresh = read.filter((run, i) => {
          const held = found(run.id) ?? read.slice(0, i).find(({ id }) => id === run.id);
          return held === undefined || stepsOf(held) < stepsOf(run);
        });
        place(fresh);
        for (const run of fresh) await store(run);
        if (faults.length > 0) {
          tell(
            'error',
            `${faults.length === 1 ? 'A file was' : `${faults.length} files were`} not imported.\n${faults.join('\n')}`,
            'A run.json comes from Export here, or from npm run lab -- run. What was here stays.',
          );
        }
        const again = read.length - fresh.length;
        if (again > 0) tell('info', `${again} of the imported runs ${again === 1 ? 'was' : 'were'} here already.`);
      },
      async rename(id, name) {
        const run = found(id);
        if (run === undefined || run.origin === 'recorded') return;
        const renamed = { ...run, name: keptRun(run.record, run.origin, run.keptAt, name).name };
        place([renamed]);
        await store(renamed);
      },
      async delete(id) {
        const run = found(id);
        if (run === undefined || run.origin === 'recorded') return;
        set({ runs: get().runs.filter((held) => held !== run), deleted: run });
        const place = await storage();
        await attempt(() => place.delete(id), `${run.name} could not be deleted`);
      },
      async undoDelete() {
        const { deleted } = get();
        if (deleted === null) return;
        set({ deleted: null });
        place([deleted]);
        await store(deleted);
      },
      async deleteAll() {
        set({ runs: get().runs.filter(({ origin }) => origin === 'recorded'), deleted: null });
        const place = await storage();
        await attempt(() => place.clear(), 'The kept runs could not be deleted');
      },
      choose(ids, chosen) {
        const next = new Set(get().chosen);
        for (const id of ids) {
          if (chosen) next.add(id);
          else next.delete(id);
        }
        set({ chosen: next });
      },
    };
  });
}

function byAge(a: KeptRun, b: KeptRun): number {
  const first = (run: KeptRun): number => (run.origin === 'recorded' ? 0 : 1);
  const [older, newer] = [a.record.timing.startedAt, b.record.timing.startedAt];
  return first(a) - first(b) || (older < newer ? 1 : older > newer ? -1 : 0);
}

/** The file that a run is exported as: its record. */
export function exported(run: KeptRun): TextFile {
  return { name: fileNameOf(run), text: JSON.stringify(run.record, null, 1) };
}
