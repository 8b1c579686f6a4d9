import { describe, expect, it } from 'vitest';
import { buildGraph } from '../graph/buildGraph.ts';
import { evaluatePolicy, exactFlows, logTargets, uniformLogPB } from '../graph/exact.ts';
import type { Flows } from '../session/protocol.ts';
import { resolveConfig } from '../training/resolve.ts';
import { diamondWorld } from '../worlds/diamond/index.ts';
import { evaluation, metrics } from './fakeSession.fixture.ts';
import { decodeRecorded, encodeRecorded, type RecordedRun } from './recorded.ts';

const CREDITS_OF_TEST = [
  { credit: 'flow', against: 'exactFlow', spearman: 0.9876, hitAtOne: null },
  { credit: 'random', against: 'advantage', spearman: -0.0123, hitAtOne: 0.25 },
] as const;

function recording(): RecordedRun {
  const graph = buildGraph('diamond', 'Read the clues and answer.', diamondWorld);
  const logPB = uniformLogPB(graph);
  const { logZ, logPF } = exactFlows(graph, logTargets(graph, 1, 0), logPB);
  const { logReach, success, entropy } = evaluatePolicy(graph, logPF);
  const logReachEdge = logPF.map((value, edge) => value + logReach[graph.source[edge]]);
  const flows: Flows = {
    logZ,
    logPF,
    logPB,
    logReach,
    logReachEdge,
    centredCredit: logPF.map(() => 0),
    success,
    entropy,
  };
  const layers = { advantage: logPF.map(() => 0), residual: logPF.map(() => 0), residualOf: 'answer key' as const };
  const place = { suite: 'diamond', split: 'train', index: 0, step: 2 } as const;
  // 0.1 + 0.2 is not 0.3: a config is kept to the last bit, measures are not.
  const config = resolveConfig({
    version: 1,
    seed: 4_294_967_295,
    suites: [{ name: 'diamond' }],
    optimiser: { lr: 0.1 + 0.2 },
  });
  return {
    record: {
      version: 1,
      config,
      device: { backend: 'cpu', adapter: 'CPU (TypeScript)', software: false },
      steps: [metrics(1, Math.fround(1 / 3)), metrics(2)],
      evaluations: [evaluation(2, { suite: 'diamond', slope: null, credits: CREDITS_OF_TEST })],
      references: [],
      library: [],
      events: [],
      timing: { startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, stepsPerSecond: 2 },
      stopped: 'finished',
    },
    view: { ...place, graph, beta: 1, eps: 0, learned: flows, exact: flows, ...layers },
    credit: { ...place, text: graph.text, trajectories: [] },
    parameters: { 'logZ.head': { scale: 0.25, levels: new Uint16Array([0, 65_535, 7]) } },
  };
}

describe('a recorded run', () => {
  it('comes back with its arrays in their types and its floats to seven digits', () => {
    const run = recording();
    const back = decodeRecorded(encodeRecorded(run));
    expect(back.record.config).toEqual(run.record.config);
    expect(back.record.steps).toEqual(run.record.steps);
    expect(back.record.evaluations).toEqual(run.record.evaluations);
    expect(back.view.graph).toEqual(run.view.graph);
    expect(back.parameters).toEqual(run.parameters);
    expect(back.view.learned.logPF).toEqual(Float64Array.from(run.view.learned.logPF, Math.fround));
  });

  it('keeps an infinite logarithm infinite', () => {
    const run = recording();
    run.view.learned.logPF[0] = -Infinity;
    expect(decodeRecorded(encodeRecorded(run)).view.learned.logPF[0]).toBe(-Infinity);
  });

  it.each([
    ['a file of something else', '{"version":1}', 'record'],
    [
      'a field of the wrong kind',
      encodeRecorded(recording()).replace(/"loss":\{[^}]*\}/, '"loss":"small"'),
      'record.steps.loss',
    ],
    [
      'columns of different lengths',
      encodeRecorded(recording()).replace(
        /"stored":"Float32Array","base64":"[^"]*"/,
        '"stored":"Float32Array","base64":""',
      ),
      'record.steps',
    ],
    [
      'an array of the wrong kind',
      encodeRecorded(recording()).replace('"outStart":{"array":"Uint32Array"', '"outStart":{"array":"Float64Array"'),
      'view.graph.outStart',
    ],
  ])('%s is refused by the name of the place', (_what, text, place) => {
    expect(() => decodeRecorded(text)).toThrow(place);
  });
});
