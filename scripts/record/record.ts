/** Trains a config of one task to its end on the CPU, and reads the run again from what is kept of it. */
import { hashedEncoder } from '../../src/encoder/hashedEncoder.ts';
import { createCpuBackend } from '../../src/gpu/cpuBackend.ts';
import type { TaskGraph } from '../../src/graph/taskGraph.ts';
import type { RecordedParameters, RecordedRun } from '../../src/lab/recorded.ts';
import { Run } from '../../src/session/run.ts';
import { noStore } from '../../src/session/storage.ts';
import { systemClock } from '../../src/session/systemClock.ts';
import { initialParameters, layoutParameters } from '../../src/supervisor/parameters.ts';
import { buildTaskStore, type TaskStore } from '../../src/supervisor/taskStore.ts';
import type { RunConfig } from '../../src/training/config.ts';
import type { RunRecord } from '../../src/training/records.ts';
import { createTrainer, type Trainer } from '../../src/training/trainer.ts';
import { packParameters, unpackParameters } from './parameters.ts';

/** Trajectories in Credit, as many as the page itself asks for. */
const TRAJECTORIES = 16;

const never = new AbortController().signal;

/**
 * The CPU and not a GPU, so that the same file comes out on every machine. The flows and credits are those
 * of the parameters as they are kept.
 * @param onStep called with the steps done
 * @throws Error where the run does not finish
 */
export async function recordRun(config: RunConfig, onStep: (step: number) => void): Promise<RecordedRun> {
  const { record, values } = await train(config, onStep);
  const trainer = await freshTrainer(config);
  const { graph } = await trainer.inspect('train', 0);
  const layout = layoutOf(config);
  const parameters = packParameters(layout, initialParameters(layout, config.seed), values, storeOf(config, graph));
  restoreRecorded(trainer, parameters, graph, record);
  const [view, credit] = [await trainer.inspect('train', 0), await trainer.credit('train', 0, TRAJECTORIES)];
  return { record, view, credit, parameters };
}

/** A trainer at step 0, on the CPU. */
export function freshTrainer(config: RunConfig): Promise<Trainer> {
  return createTrainer(config, createCpuBackend(), { onProgress: () => {}, signal: never });
}

/** Puts recorded parameters into a fresh trainer of the same config, whose one task has this graph. */
export function restoreRecorded(
  trainer: Trainer,
  parameters: RecordedParameters,
  graph: TaskGraph,
  record: RunRecord,
): void {
  const { config } = trainer;
  const layout = layoutOf(config);
  const initial = initialParameters(layout, config.seed);
  // What the optimiser remembers is not kept: this trainer is read and not trained.
  const none = new Float32Array(layout.length);
  trainer.restore({
    tensors: {
      parameters: unpackParameters(layout, initial, parameters, storeOf(config, graph)),
      first: none,
      second: none,
    },
    metadata: {
      step: String(record.steps.at(-1)?.step ?? 0),
      executorCalls: String(record.evaluations.at(-1)?.executorCalls ?? 0),
    },
  });
}

async function train(
  config: RunConfig,
  onStep: (step: number) => void,
): Promise<{ readonly record: RunRecord; readonly values: Float32Array }> {
  const run = await Run.open(
    config,
    false,
    {
      devices: {
        webgpu: async () => ({ ok: false, reason: 'The recorded run is made on the CPU.' }),
        cpu: () => createCpuBackend(),
      },
      store: noStore('A recorded run needs no checkpoint.'),
      createTrainer,
      openExecutor: async () => {
        throw new Error('A recorded run has no language model.');
      },
      clock: systemClock,
      notify: (notice) => {
        if (notice.type === 'metrics') onStep(notice.steps.at(-1)?.step ?? 0);
      },
      tellPhase: () => {},
      onFailure: () => {},
    },
    never,
  );
  while (!run.finished) await run.advance(config.steps, never);
  const { tensors } = (await run.checkpoint()).snapshot;
  if (!(tensors.parameters instanceof Float32Array)) throw new Error('The checkpoint holds no parameters.');
  return { record: run.record(), values: tensors.parameters };
}

/** The recorded run reads no files. @throws where its config asks for a sentence encoder */
function dimensionsOf({ encoder }: RunConfig): number {
  if (encoder.kind !== 'hashed') throw new Error('A recorded run has the hashed encoder.');
  return encoder.dimensions;
}

function layoutOf(config: RunConfig): ReturnType<typeof layoutParameters> {
  return layoutParameters({ dimensions: dimensionsOf(config), skills: 0, ...config.supervisor });
}

/** Only its texts and their vectors are read. */
function storeOf(config: RunConfig, graph: TaskGraph): TaskStore {
  const logTarget = new Float64Array(graph.outcomes);
  return buildTaskStore([{ graph, logTarget, fixedLogPB: null }], hashedEncoder(dimensionsOf(config)));
}
