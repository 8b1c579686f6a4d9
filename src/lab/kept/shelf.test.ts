import { describe, expect, it, vi } from 'vitest';
import { inventedRecord, inventedRuns } from '../../training/inventedRuns.fixture.ts';
import { parseRecord } from '../../training/recordSchema.ts';
import { FakeSession, fakeMemory, metrics, opened, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { keepRuns } from './keepRuns.ts';
import type { KeptRun } from './keptRun.ts';
import { noRunStorage, type RunStorage } from './runStorage.ts';
import { createShelf, exported, type Shelf } from './shelf.ts';

function storageWith(rows: readonly unknown[] = []): RunStorage & { readonly held: Map<string, unknown> } {
  const held = new Map(rows.map((row, i) => [String(i), row]));
  return {
    kept: true,
    reason: '',
    held,
    all: async () => [...held.values()],
    put: async (run) => {
      held.set(run.id, run);
    },
    delete: async (id) => {
      held.delete(id);
    },
    clear: async () => held.clear(),
  };
}

function shelfWith(storage: RunStorage) {
  const told: string[] = [];
  const shelf = createShelf({
    openStorage: async () => storage,
    tell: (level, text, hint = '') => told.push(`${level}: ${text} ${hint}`),
    now: () => '2026-02-03T04:05:06.000Z',
  });
  return { shelf, told };
}

const record = (kind = 'ttb', seed = 0, steps = 8) => parseRecord(inventedRecord({ kind, seed, steps }));
const now = (shelf: Shelf) => shelf.getState();
const names = (shelf: Shelf) => now(shelf).runs.map(({ name }) => name);
const only = (shelf: Shelf): KeptRun => now(shelf).runs[0] ?? expect.fail('the shelf is empty');

describe('the shelf', () => {
  it('keeps a run once, however often it is paused, and in the storage', async () => {
    const storage = storageWith();
    const { shelf } = shelfWith(storage);
    await now(shelf).keep({ ...record(), steps: record().steps.slice(0, 4), stopped: 'cancelled' });
    await now(shelf).keep(record());
    expect(now(shelf).runs).toHaveLength(1);
    expect(only(shelf).record.steps).toHaveLength(8);
    expect([...storage.held.values()]).toEqual([only(shelf)]);
    expect(now(shelf).chosen).toEqual(new Set([only(shelf).id]));
  });

  it('does not give up a finished run for a shorter one of the same settings', async () => {
    const { shelf } = shelfWith(storageWith());
    await now(shelf).keep(record());
    await now(shelf).keep({ ...record(), steps: record().steps.slice(0, 4), stopped: 'cancelled' });
    expect(only(shelf).record.steps).toHaveLength(8);
  });

  it('does not choose by itself what was never evaluated after step 0', async () => {
    const { shelf } = shelfWith(storageWith());
    await now(shelf).keep({ ...record(), evaluations: record().evaluations.filter(({ step }) => step === 0) });
    expect(now(shelf).chosen.size).toBe(0);
  });

  it('comes back after a visit, and says what it could not read', async () => {
    const storage = storageWith();
    await now(shelfWith(storage).shelf).keep(record());
    storage.held.set('old', { id: 'old', version: 0 });
    const { shelf, told } = shelfWith(storage);
    await now(shelf).open();
    expect(now(shelf).runs).toHaveLength(1);
    expect(told).toEqual([expect.stringContaining('1 kept run of another version cannot be read')]);
  });

  it('keeps a new name, and the old one where nothing is written', async () => {
    const storage = storageWith();
    const { shelf } = shelfWith(storage);
    await now(shelf).keep(record());
    await now(shelf).rename(only(shelf).id, '  first <b>try</b> ');
    expect(names(shelf)).toEqual(['first <b>try</b>']);
    await now(shelf).keep(record());
    expect(names(shelf)).toEqual(['first <b>try</b>']);
    await now(shelf).rename(only(shelf).id, ' ');
    expect(names(shelf)).toEqual([expect.stringMatching(/^\w+-\w+$/)]);
  });

  it('deletes one with a way back, and all but the run that ships with the page', async () => {
    const storage = storageWith();
    const { shelf } = shelfWith(storage);
    now(shelf).showRecorded(record('tb'));
    await now(shelf).keep(record());
    const [, run] = now(shelf).runs;
    await now(shelf).delete(run.id);
    expect([now(shelf).runs.length, storage.held.size]).toEqual([1, 0]);
    await now(shelf).undoDelete();
    expect([now(shelf).runs.length, storage.held.size]).toEqual([2, 1]);
    await now(shelf).delete(only(shelf).id);
    await now(shelf).deleteAll();
    expect(now(shelf).runs.map(({ origin }) => origin)).toEqual(['recorded']);
    expect(storage.held.size).toBe(0);
  });

  it('goes on where nothing can be stored, and says so', async () => {
    const { shelf, told } = shelfWith({
      ...storageWith(),
      put: async () => {
        throw Object.assign(new Error('full'), { name: 'QuotaExceededError' });
      },
    });
    await now(shelf).keep(record());
    expect(names(shelf)).toHaveLength(1);
    expect(told[0]).toContain('could not be kept: the browser’s storage is full');
    const none = shelfWith(noRunStorage('a private window.'));
    await now(none.shelf).keep(record());
    expect(now(none.shelf)).toMatchObject({ storage: { kept: false, reason: 'a private window.' } });
    expect(names(none.shelf)).toHaveLength(1);
  });
});

describe('files', () => {
  it('bring back what was exported, under its name', async () => {
    const first = shelfWith(storageWith()).shelf;
    await now(first).keep(record());
    await now(first).rename(only(first).id, 'My run');
    const file = exported(only(first));
    expect(file.name).toBe('My run.run.json');
    const second = shelfWith(storageWith()).shelf;
    await now(second).importFiles([file]);
    expect(only(second)).toMatchObject({ name: 'My run', origin: 'file', record: only(first).record });
  });

  it('that are wrong are named with the place, and the others are taken', async () => {
    const { shelf, told } = shelfWith(storageWith());
    const files = inventedRuns(2).map((one, i) => ({ name: `${i}.json`, text: JSON.stringify(one) }));
    files[1].text = files[1].text.replace('"seed":1', '"seed":"one"');
    files[2].text = files[2].text.slice(0, 100);
    await now(shelf).importFiles(files);
    expect(now(shelf).runs).toHaveLength(4);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/1\.json: config\.seed holds "one".*\n2\.json: it is no JSON/s);
    await now(shelf).importFiles(files.slice(0, 1));
    expect(now(shelf).runs).toHaveLength(4);
    expect(told[1]).toContain('here already');
  });
});

describe('a run in the lab', () => {
  async function train() {
    const config = inventedRecord({ kind: 'ttb', seed: 0, steps: 8 }).config;
    const session = new FakeSession({ open: () => opened(config), record: () => record() });
    const lab = createLab({
      session,
      presets: TEST_PRESETS,
      memory: fakeMemory(),
      url: readUrl('', TEST_PRESETS).state,
    });
    const { shelf } = shelfWith(storageWith());
    keepRuns(lab, session, shelf);
    await lab.getState().open(false);
    const tell = (phase: 'running' | 'evaluating' | 'ready' | 'finished') =>
      session.tell({ type: 'phase', phase, detail: '', progress: null });
    const step = () => session.tell({ type: 'metrics', steps: [metrics(1)], stepsPerSecond: 1 });
    return { session, shelf, tell, step };
  }

  it.each(['ready', 'finished'] as const)('is kept when it stands (%s), and not before', async (end) => {
    const { session, shelf, tell, step } = await train();
    tell('running');
    step();
    tell('evaluating');
    expect(session.transport).toEqual(['open']);
    tell(end);
    await vi.waitFor(() => expect(now(shelf).runs).toHaveLength(1));
  });

  it('that has taken no step is not kept', async () => {
    const { session, tell } = await train();
    tell('running');
    tell('ready');
    expect(session.transport).toEqual(['open']);
  });
});
