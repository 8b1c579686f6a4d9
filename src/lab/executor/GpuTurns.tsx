/** How a training run and a model share one GPU. */
import type { ReactNode } from 'react';
import type { TurnsReport } from '../../executor/gpuTurns.ts';
import { turnsInWords } from './calls.ts';

export function GpuTurns({ turns }: { readonly turns: TurnsReport }): ReactNode {
  return <p className="text-soft tabular-nums">One GPU for both: {turnsInWords(turns).join('; ')}.</p>;
}
