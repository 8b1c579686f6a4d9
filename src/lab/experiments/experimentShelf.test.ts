import { describe, expect, it } from 'vitest';
import { readResults } from '../../experiments/runExperiment.ts';
import { mainRuns } from '../../experiments/spec.ts';
import { passingStorage } from './experimentStorage.ts';
import { recordOf, shelfOn, small } from './experiments.fixture.ts';

const experiment = small();
const [run, other] = mainRuns(experiment, []);
const record = recordOf(run);

describe('the shelf of an experiment’s runs', () => {
  it('gives results the last ten steps of a run, and the whole run where it is asked for', async () => {
    const { shelf, deleted } = shelfOn();
    await shelf.write(run.id, record);
    expect((await shelf.read(run.id))?.steps.map(({ step }) => step)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(await shelf.whole(run.id)).toEqual(record);
    expect(await shelf.read(other.id)).toBeNull();
    // A run that is there needs no checkpoint.
    expect(deleted).toEqual([run.id]);
  });

  it('comes back after a visit, and gives the same results as the whole records', async () => {
    const storage = passingStorage('');
    await shelfOn(storage).shelf.write(run.id, record);
    const again = shelfOn(storage).shelf;
    const whole = { read: async (id: string) => (id === run.id ? record : null), write: async () => {} };
    expect(await readResults(experiment, again)).toEqual(await readResults(experiment, whole));
  });

  it.each([
    ['no record', 7],
    ['a record with a field that is wrong', { ...record, device: 'fast' }],
    ['the record of another run', recordOf(other)],
    ['an unfinished run', { ...record, stopped: 'cancelled' as const }],
  ])('has nothing where its row holds %s', async (_, value) => {
    const storage = passingStorage('');
    await storage.put([{ table: 'runs', key: run.id, value }]);
    expect(await shelfOn(storage).shelf.read(run.id)).toBeNull();
  });

  it('has no whole run where the steps are missing or wrong', async () => {
    const storage = passingStorage('');
    const { shelf } = shelfOn(storage);
    await storage.put([{ table: 'runs', key: run.id, value: { ...record, steps: [] } }]);
    expect(await shelf.whole(run.id)).toBeNull();
    await storage.put([{ table: 'steps', key: run.id, value: [{ step: 'one' }] }]);
    expect(await shelf.whole(run.id)).toBeNull();
    expect(await shelf.read(run.id)).not.toBeNull();
  });

  it('goes on where nothing can be stored, says so once, and has the runs until the page is closed', async () => {
    const full = async (): Promise<never> => {
      throw Object.assign(new Error('full'), { name: 'QuotaExceededError' });
    };
    const { shelf, told } = shelfOn({ ...passingStorage(''), kept: true, put: full });
    await shelf.write(run.id, record);
    await shelf.write(other.id, recordOf(other));
    expect(told).toEqual([expect.stringContaining('could not be kept: the browser’s storage is full')]);
    expect(await shelf.whole(run.id)).toEqual(record);
    expect(await shelf.read(other.id)).not.toBeNull();
  });

  it('has nothing where the database was closed', async () => {
    const closed = async (): Promise<never> => {
      throw new DOMException('closed', 'InvalidStateError');
    };
    const { shelf } = shelfOn({ ...passingStorage(''), get: closed, all: closed });
    expect(await shelf.read(run.id)).toBeNull();
    expect(await shelf.remembered()).toEqual([]);
  });

  it('discards runs with their steps, their checkpoints and the variances, and no others', async () => {
    const { shelf, deleted } = shelfOn();
    await shelf.write(run.id, record);
    await shelf.write(other.id, recordOf(other));
    const rows = [{ objective: 'tb', suite: 'diamond', walks: 2, step: 20, seed: 0, ratio: null }];
    await shelf.writeVariances(experiment, rows);
    expect(await shelf.variances(experiment)).toEqual(rows);
    expect(await shelf.variances(small({ seeds: [9] }))).toBeNull();
    deleted.length = 0;
    await shelf.discard(experiment, [run.id]);
    expect([await shelf.read(run.id), await shelf.whole(run.id), await shelf.variances(experiment)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(await shelf.whole(other.id)).not.toBeNull();
    expect(deleted).toEqual([run.id]);
  });

  it('remembers experiments that were opened and choices of devices, and leaves out what cannot be read', async () => {
    const storage = passingStorage('');
    const { shelf } = shelfOn(storage);
    await shelf.remember({ key: 'file small', device: 'auto', opened: experiment, at: 2 });
    await shelf.remember({ key: 'collapse', device: 'cpu', opened: null, at: 1 });
    await storage.put([
      { table: 'experiments', key: 'a', value: { key: 'a', device: 'tpu', opened: null, at: 1 } },
      { table: 'experiments', key: 'b', value: { key: 'b', device: 'cpu', opened: { version: 2 } } },
    ]);
    expect(await shelf.remembered()).toEqual([
      { key: 'file small', device: 'auto', opened: experiment, at: 2 },
      { key: 'collapse', device: 'cpu', opened: null, at: 1 },
    ]);
    await shelf.forget('collapse');
    expect(await shelf.remembered()).toHaveLength(1);
  });
});
