/** A checkpoint as models of ONNX that were run and compared, with what a deployer must know beside them. */
import packageJson from '../../package.json';
import type { RuntimeWasm } from '../encoder/onnxRuntime.ts';
import { openOnnxRuntime } from '../encoder/onnxRuntime.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Task } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import { compositesOf } from '../skills/library.ts';
import type { Library } from '../skills/skill.ts';
import type { TrainedParts } from '../supervisor/exportOnnx.ts';
import { exportOnnx } from '../supervisor/exportOnnx.ts';
import type { Precision } from '../supervisor/onnx/graphBuilder.ts';
import { OPSET } from '../supervisor/onnx/graphBuilder.ts';
import { layoutParameters } from '../supervisor/parameters.ts';
import type { CheckOptions, ExportCheck } from '../supervisor/verifyExport.ts';
import { verifyExport } from '../supervisor/verifyExport.ts';
import { BadCheckpoint } from './badCheckpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { RunConfig } from './config.ts';
import { hashedEncoderOf } from './encoderOf.ts';
import { libraryOfSnapshot } from './evolvingTrainer.ts';
import { tasksOf } from './exactRecord.ts';
import { libraryOf } from './libraryOf.ts';
import { flowForm, objectives } from './objectives.ts';
import { skillPlaces } from './trainer.ts';

/** Tasks that the states are taken from, where each has enough of them. */
const TASKS = 8;

export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface RunExport {
  readonly files: readonly ExportedFile[];
  readonly check: ExportCheck;
}

/** The models do not say what the lab says; none is given. */
export class ExportDiffers extends Error {
  override readonly name = 'ExportDiffers';
  readonly hint =
    'No file was made, for it would not do what the lab does. This is a mistake in the lab, or in this version of onnxruntime-web: please report it with the config.';
  constructor(readonly check: ExportCheck) {
    super(`The export differs from the lab by more than ${check.tolerance}: ${differencesInWords(check)}.`);
  }
}

/** The Supervisor reads texts through a sentence encoder, which an export does not hold. */
export class NotExportable extends Error {
  override readonly name = 'NotExportable';
  readonly hint = 'Export a run with the encoder of kind "hashed", which goes with the models.';
  constructor() {
    super(
      'A Supervisor that reads texts through a sentence encoder is not exported: the comparison needs the encoder.',
    );
  }
}

/** `log P_F 4.1e-6, log P_B 1.2e-6` */
export function differencesInWords({ largest }: Pick<ExportCheck, 'largest'>): string {
  const names = { logPF: 'log P_F', logPB: 'log P_B', logF: 'log F', logZ: 'log Z' } as const;
  return (Object.keys(names) as (keyof typeof names)[])
    .flatMap((name) => {
      const value = largest[name];
      return value === null ? [] : [`${names[name]} ${value.toExponential(1)}`];
    })
    .join(', ');
}

/** What a config trains of the network. */
export function trainedParts(config: Pick<RunConfig, 'objective' | 'supervisor'>): TrainedParts {
  const { objective } = config;
  const { logZ, backwardOver } = objectives[objective.kind];
  const learned = objective.backward === 'learned' || objective.backward === 'tlm';
  return { flow: flowForm(config), logZ: logZ === 'head', backward: learned ? backwardOver : null };
}

/** Tasks of all suites and splits in turn, so that the first few are of each. */
function tasksInTurn(config: RunConfig): Task[] {
  const all = [...tasksOf(config)];
  const groups = config.suites.flatMap(({ name }) =>
    SPLITS.map((split) => all.filter((task) => task.suite === name && task.split === split)),
  );
  const longest = Math.max(...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((group) => group.slice(i, i + 1))).flat();
}

/**
 * Exports, runs and compares a checkpoint: in float32, and in float64 where that is not near enough.
 * @param wasm where onnxruntime's own file is
 * @throws NotExportable, BadCheckpoint, ExportDiffers, NoOnnxRuntime, GraphTooLarge, or the signal's reason
 */
export async function exportRun(
  { config, step, snapshot }: Pick<Checkpoint, 'config' | 'step' | 'snapshot'>,
  wasm: RuntimeWasm,
  options: CheckOptions = {},
): Promise<RunExport> {
  if (config.encoder.kind !== 'hashed') throw new NotExportable();
  const encoder = hashedEncoderOf(config.encoder);
  const layout = layoutParameters({
    dimensions: encoder.dimensions,
    skills: skillPlaces(config),
    ...config.supervisor,
  });
  const { parameters: values } = snapshot.tensors;
  if (!(values instanceof Float32Array) || values.length !== layout.length) {
    throw new BadCheckpoint(
      'tensor "parameters"',
      `it has ${values?.length ?? 'no'} elements; this config's has ${layout.length} of f32`,
    );
  }
  const library = config.evolution ? libraryOfSnapshot(snapshot) : libraryOf(config);
  const parts = { ...trainedParts(config), matches: config.encoder.match ?? 'vectors' };
  const text = {
    version: packageJson.version,
    encoder: encoder.id,
    metadata: {
      objective: config.objective.kind,
      'objective.backward': config.objective.backward,
      step: String(step),
      skills: JSON.stringify(library.skills.map(({ slot, name }) => ({ slot, name }))),
    },
  };
  const runtime = await openOnnxRuntime(wasm);
  const tasks = tasksInTurn(config);
  const { states = 1000 } = options;
  const perTask = Math.ceil(states / Math.min(tasks.length, TASKS));
  const attempt = async (precision: Precision) => {
    const files = await exportOnnx(layout, values, parts, text, precision);
    const network = { layout, values, parts, encoder, precision };
    const check = await verifyExport(files, network, graphsOf(tasks, library), runtime, { ...options, perTask });
    return { files, check };
  };
  // Very sharp policies sum numbers so large that float32 keeps less of them than is allowed to be lost.
  const single = await attempt('float32');
  const { files, check } = single.check.verified ? single : await attempt('float64');
  if (!check.verified) throw new ExportDiffers(check);
  const onnx = (name: string, bytes: Uint8Array<ArrayBuffer>): ExportedFile => ({
    name,
    type: 'application/octet-stream',
    bytes,
  });
  const about = {
    format: 'skillflow-supervisor',
    version: 1,
    lab: packageJson.version,
    opset: OPSET,
    policy: {
      file: 'policy.onnx',
      outputs: ['logPF', ...(parts.flow ? ['logF'] : []), ...(parts.logZ ? ['logZ'] : [])],
    },
    // Where P_B is not learned it is given: nothing has to be run for it.
    backward: parts.backward === null ? null : { file: 'backward.onnx', over: parts.backward },
    encoder: { id: encoder.id, ...config.encoder },
    supervisor: layout.shape,
    skills: library.skills.map(({ slot, name, description, plan, allows }) => ({
      slot,
      name,
      description,
      plan,
      allows,
    })),
    step,
    check,
    config,
  };
  return {
    files: [
      onnx('policy.onnx', files.policy),
      ...(files.backward ? [onnx('backward.onnx', files.backward)] : []),
      {
        name: 'supervisor.json',
        type: 'application/json',
        bytes: Uint8Array.from(new TextEncoder().encode(`${JSON.stringify(about, null, 2)}\n`)),
      },
    ],
    check,
  };
}

function* graphsOf(tasks: readonly Task[], library: Library): Generator<TaskGraph> {
  const skills = compositesOf(library);
  for (const task of tasks) yield task.compile({ skills });
}
