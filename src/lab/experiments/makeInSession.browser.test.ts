/** Runs of an experiment in real workers: cut off and gone on with, they give what an uninterrupted one gives. */
import { expect, it } from 'vitest';
import type { Variance } from '../../experiments/results.ts';
import { mainRuns, type PlannedRun } from '../../experiments/spec.ts';
import { SessionClient, startExperimentWorker } from '../../session/client.ts';
import { checkpointFolder, openOpfsStore } from '../../session/opfsStore.ts';
import { variancesInWorker } from '../../session/varianceClient.ts';
import { small } from './experiments.fixture.ts';
import { makeInSession, type RunStanding } from './makeInSession.ts';

const never = new AbortController().signal;

it('a run that is cancelled goes on from its checkpoint, apart from those of the page’s own runs', async () => {
  const [run] = mainRuns(small({ base: { ...small().base, steps: 300, evaluation: { every: 300 } } }), []);
  const checkpoints = await openOpfsStore(checkpointFolder('experiment'));
  await checkpoints.delete(run.id);
  const start = () => new SessionClient(startExperimentWorker());
  const cancel = new AbortController();
  const cut = makeInSession({
    start,
    patience: 60_000,
    onStanding: (_, standing) => {
      if (standing !== null && standing.step > 0) cancel.abort();
    },
  });
  await expect(cut(run, cancel.signal)).rejects.toThrow(/aborted/);
  expect(await checkpoints.read(run.id)).not.toBeNull();
  expect(await (await openOpfsStore()).read(run.id)).toBeNull();

  const from: (number | undefined)[] = [];
  const onStanding = (_: PlannedRun, standing: RunStanding | null): void => {
    if (standing?.device) from.push(standing.step);
  };
  const resumed = await makeInSession({ start, onStanding })(run, never);
  expect(from[0]).toBeGreaterThan(0);
  await checkpoints.delete(run.id);
  const whole = await makeInSession({ start, onStanding: () => {} })(run, never);
  expect(resumed.stopped).toBe('finished');
  expect(resumed.steps).toHaveLength(300);
  expect(resumed.steps).toEqual(whole.steps);
  expect(resumed.evaluations).toEqual(whole.evaluations);
  await checkpoints.delete(run.id);
});

it('the table of variances is made in a worker, and given up where it is cancelled', async () => {
  const experiment = small({ variance: { walks: [2], batches: 2 } });
  const told: string[] = [];
  const rows: readonly Variance[] = await variancesInWorker(experiment, never, (done, of) =>
    told.push(`${done}/${of}`),
  );
  expect(rows.map(({ objective, walks, seed }) => `${objective} ${walks} seed ${seed}`)).toEqual([
    'tb 2 seed 0',
    'grpo 2 seed 0',
    'tb 2 seed 1',
    'grpo 2 seed 1',
  ]);
  expect(told).toEqual(['0/4', '1/4', '2/4', '3/4', '4/4']);
  const cancel = new AbortController();
  const given = variancesInWorker(experiment, cancel.signal, () => cancel.abort());
  await expect(given).rejects.toThrow(/aborted/);
});
