/** Measurements as tables for a terminal. */
import { table } from '../scripts/lab/table.ts';
import type { KernelTime } from '../src/gpu/backend.ts';
import type { CpuResult } from './cpu.ts';
import type { ProductResult } from './matmul/compare.ts';
import type { DenseResult, DeviceResult, ObjectiveResult, ProfileResult } from './protocol.ts';
import type { StepResult } from './ragged.ts';

const BAR = 0.5;
const EQUAL = 1e-3;

const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

export function deviceLine(device: DeviceResult): string {
  const kind = device.software ? 'a software adapter: its times say nothing about a GPU' : 'hardware';
  return `${device.adapter} (${kind}), ${device.browser}, ${device.processors} processors`;
}

/** Our time over that of the faster peer on WebGPU, or null where no peer ran. */
export function shareOfFasterPeer({ engines }: DenseResult): { readonly peer: string; readonly share: number } | null {
  const onGpu = engines.filter(({ on }) => on === 'webgpu');
  const [ours, ...peers] = onGpu;
  if (peers.length === 0) return null;
  const faster = peers.reduce((a, b) => (b.milliseconds.median < a.milliseconds.median ? b : a));
  return { peer: faster.name, share: ours.milliseconds.median / faster.milliseconds.median };
}

export function denseReport(result: DenseResult): string {
  const { sizes, engines, missing, flops, race } = result;
  const ours = engines[0].milliseconds.median;
  const head = [
    'engine',
    'on',
    'ms/step',
    'fastest',
    'slowest',
    'ours : it',
    'dispatches',
    'submits',
    'buffers',
    'loss diff',
  ];
  const rows = engines.map((engine) => [
    engine.name,
    engine.on,
    milliseconds(engine.milliseconds.median),
    milliseconds(engine.milliseconds.fastest),
    milliseconds(engine.milliseconds.slowest),
    `1 : ${(engine.milliseconds.median / ours).toFixed(2)}`,
    engine.gpu ? engine.gpu.dispatches.toFixed(0) : '',
    engine.gpu ? engine.gpu.submissions.toFixed(0) : '',
    engine.gpu ? engine.gpu.buffers.toFixed(0) : '',
    engine.lossDifference.toExponential(1),
  ]);
  const unequal = engines.filter(({ lossDifference }) => !(lossDifference < EQUAL));
  const compared = shareOfFasterPeer(result);
  const { tasks, trajectories, steps, actions, dimensions, width } = sizes;
  return [
    `Dense step, ${result.objective}: ${tasks} tasks x ${trajectories} trajectories x ${steps} steps x ${actions} actions, ` +
      `vectors of ${dimensions}, width ${width}; ${(flops / 1e6).toFixed(0)} MFLOP of matrix products; ` +
      `median of ${race.rounds} rounds of ${race.stepsPerRound} steps, turn about, after ${race.warmUp + 4} steps`,
    table(head, rows),
    ...missing.map(({ name, reason }) => `not measured: ${name}: ${reason}`),
    unequal.length === 0
      ? `Losses of all ${engines[0].stepsTaken} steps are equal within ${EQUAL} (from ${engines[0].firstLoss.toFixed(3)} to ${engines[0].lastLoss.toFixed(3)}).`
      : `LOSSES DIFFER by more than ${EQUAL}: ${unequal.map(({ name, on }) => `${name} (${on})`).join(', ')}`,
    compared === null
      ? 'No peer ran on WebGPU.'
      : `WebGPU against WebGPU: ${(100 * compared.share).toFixed(0)}% of the time of the faster peer (${compared.peer}); ` +
        `the bar is less than ${100 * BAR}%: ${compared.share < BAR ? 'met here' : 'NOT met here'}.`,
  ].join('\n');
}

export function stepsReport(title: string, results: readonly StepResult[]): string {
  const head = ['step', 'ms/step', 'steps/s', 'walks', 'states', 'dispatches', 'submits', 'MiB', 'parameters'];
  const rows = results.map((result) => [
    result.name,
    milliseconds(result.milliseconds),
    result.stepsPerSecond.toFixed(1),
    String(result.walks),
    result.states.toFixed(0),
    String(result.dispatches),
    result.submissionsPerStep.toFixed(2),
    result.megabytes.toFixed(1),
    String(result.parameters),
  ]);
  return `${title}\n${table(head, rows)}`;
}

export function objectivesReport(results: readonly ObjectiveResult[]): string {
  const rows = results.map(({ preset, objective, milliseconds: ms, dispatches, ratio }) => [
    preset,
    objective,
    milliseconds(ms),
    ratio.toFixed(2),
    String(dispatches),
  ]);
  const worst = results.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const verdict = `the bar is 1.5 times ttb: ${worst.ratio <= 1.5 ? 'met here' : 'missed here'}, ${worst.objective} takes ${worst.ratio.toFixed(2)} times (${worst.preset})`;
  const head = ['preset', 'objective', 'ms/update', ': ttb', 'dispatches'];
  return `One update of each objective, sampling included, turn about\n${table(head, rows)}\n${verdict}`;
}

const SHOWN = 12;

export function kernelsReport(title: string, kernels: readonly KernelTime[] | null): string {
  if (kernels === null) return `${title}\nthis device has no timestamps`;
  const total = kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  const row = (name: string, time: number, dispatches: number) => [
    name,
    milliseconds(time),
    `${((100 * time) / total).toFixed(1)}%`,
    String(dispatches),
  ];
  const rest = kernels.slice(SHOWN);
  const sum = (of: readonly KernelTime[], field: 'milliseconds' | 'dispatches') =>
    of.reduce((total, kernel) => total + kernel[field], 0);
  const rows = kernels.slice(0, SHOWN).map((k) => row(k.kernel, k.milliseconds, k.dispatches));
  if (rest.length > 0) rows.push(row(`${rest.length} others`, sum(rest, 'milliseconds'), sum(rest, 'dispatches')));
  rows.push(row('all', total, sum(kernels, 'dispatches')));
  return `${title}\n${table(['kernel', 'ms', 'share', 'dispatches'], rows)}`;
}

export function profilesReport(profiles: readonly ProfileResult[]): string {
  return profiles
    .map(({ name, kernels }) => kernelsReport(`Time per kernel, ragged step: ${name}`, kernels))
    .join('\n\n');
}

export function productsReport(results: readonly ProductResult[]): string {
  const shapes = [...new Set(results.map(({ shape }) => shape.join(' x ')))];
  const names = [...new Set(results.map(({ name }) => name))];
  const of = (name: string, shape: string) =>
    results.find((result) => result.name === name && result.shape.join(' x ') === shape);
  const rows = names.map((name) => [
    name,
    ...shapes.map((shape) => {
      const result = of(name, shape);
      return result ? `${result.gflops.toFixed(2)} (${result.best.toFixed(2)})` : '';
    }),
  ]);
  const worst = Math.max(...results.map(({ difference }) => difference));
  const shares = shapes.map((shape) => {
    const here = results.filter((result) => result.shape.join(' x ') === shape);
    const best = here.reduce((a, b) => (b.best > a.best ? b : a));
    return `${shape}: ours is ${((100 * here[0].best) / best.best).toFixed(0)}% of the best (${best.name})`;
  });
  return [
    'Matrix products, GFLOP/s: median (fastest round)',
    table(['product', ...shapes], rows),
    ...shares,
    `All products are equal within ${worst.toExponential(1)} of their norm.`,
  ].join('\n');
}

export function cpuReport(result: CpuResult): string {
  const shown = result.points.filter(
    (_, i) => i % Math.ceil(result.points.length / SHOWN) === 0 || i === result.points.length - 1,
  );
  const rows = shown.map(({ step, seconds, l1, success }) => [
    String(step),
    seconds.toFixed(1),
    l1.toFixed(3),
    success.toFixed(3),
  ]);
  const last = result.points[result.points.length - 1];
  return [
    `CPU backend, configs/hypergrid-8x8.json: ${result.stepsPerSecond.toFixed(1)} steps/s`,
    table(['step', 'seconds', 'exact L1', 'success'], rows),
    result.learned === null
      ? `Exact L1 is still ${last.l1.toFixed(3)} after ${last.seconds.toFixed(1)} s and ${last.step} steps; the aim is below 0.1 within 90 s.`
      : `Exact L1 below 0.1 after ${result.learned.toFixed(1)} s; the aim is 90 s.`,
  ].join('\n');
}
