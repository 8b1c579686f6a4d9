/** What the page says of a verified export. */
import type { ExportCheck } from '../../supervisor/verifyExport.ts';

const QUANTITIES = [
  ['logPF', 'log P_F'],
  ['logPB', 'log P_B'],
  ['logF', 'log F'],
  ['logZ', 'log Z'],
] as const;

const some = (count: number, one: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : `${one}s`}`;

/** Where it was compared, and how far it was off at most. */
export function checkInWords({ states, tasks, largest, tolerance, runtime, precision }: ExportCheck): string {
  const figures = QUANTITIES.flatMap(([key, name]) => {
    const value = largest[key];
    return value === null ? [] : [`${value.toExponential(1)} for ${name}`];
  });
  const where = `on ${some(states, 'state')} of ${some(tasks, 'task')}`;
  return `In ${precision}, onnxruntime-web ${runtime} gives what the lab gives ${where}: the largest differences are ${figures.join(', ')}; ${tolerance.toExponential(0)} is allowed.`;
}
