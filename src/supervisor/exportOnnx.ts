/**
 * The trained Supervisor as models of ONNX, with its weights inside: `policy.onnx`, which answers for one state
 * all that it takes to act, and `backward.onnx`, which is needed for credit alone and has other inputs.
 */
import { backwardGraph } from './onnx/backwardGraph.ts';
import type { GraphBuilder, Precision } from './onnx/graphBuilder.ts';
import { policyGraph } from './onnx/policyGraph.ts';
import type { FlowForm, ParameterLayout } from './parameters.ts';

/** What of the network was trained: the rest would be noise, and is left out. */
export interface TrainedParts {
  readonly flow: FlowForm | null;
  readonly logZ: boolean;
  /** What the backward policy is normalised over; null where it is not learned. */
  readonly backward: 'entering' | 'actions' | null;
  /** What cosines are taken of: of `words` they are inputs of the policy; `vectors` where it is left out. */
  readonly matches?: 'vectors' | 'words';
}

/** Texts that stand in the models. */
export interface ExportText {
  readonly version: string;
  readonly encoder: string;
  /** Further properties, by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface OnnxFiles {
  readonly policy: Uint8Array<ArrayBuffer>;
  readonly backward: Uint8Array<ArrayBuffer> | null;
}

/**
 * @param values `[layout.length]` parameters
 * @param precision what the models compute with and give; with float64 they are twice as large and need an engine's CPU
 * @throws RangeError where they are not so many
 */
export async function exportOnnx(
  layout: ParameterLayout,
  values: Float32Array,
  parts: TrainedParts,
  { version, encoder, metadata }: ExportText,
  precision: Precision = 'float32',
): Promise<OnnxFiles> {
  if (values.length !== layout.length) {
    throw new RangeError(`${values.length} parameters for a Supervisor of ${layout.length}.`);
  }
  const shape = Object.entries(layout.shape).map(([name, value]) => [`supervisor.${name}`, String(value)]);
  const bytes = (graph: GraphBuilder, name: string, about: string) =>
    graph.bytes({ name, about, version, metadata: { encoder, precision, ...Object.fromEntries(shape), ...metadata } });
  return {
    policy: await bytes(
      policyGraph(layout, values, parts, precision),
      'policy',
      'Forward policy of a SkillFlow Supervisor: one state and its actions to log P_F of each.',
    ),
    backward:
      parts.backward === null
        ? null
        : await bytes(
            backwardGraph(layout, values, parts.backward, precision),
            'backward',
            'Backward policy of a SkillFlow Supervisor: one node and the edges that enter it to log P_B of each.',
          ),
  };
}
