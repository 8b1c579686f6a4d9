/** How a training run and a model share one GPU. */
import type { ReactNode } from 'react';
import type { TurnsReport } from '../../executor/gpuTurns.ts';
import { timeInWords } from './calls.ts';

export function GpuTurns({ turns: { parties } }: { readonly turns: TurnsReport }): ReactNode {
  return (
    <p className="text-soft tabular-nums">
      One GPU for both:{' '}
      {parties
        .map(
          ({ name, share, turns, longestWait }) =>
            `${name} ${Math.round(100 * share)}% of the time in ${turns.toLocaleString('en')} turns, longest wait ${timeInWords(longestWait)}`,
        )
        .join('; ')}
      .
    </p>
  );
}
