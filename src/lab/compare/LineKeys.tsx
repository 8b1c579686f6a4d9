/** The key of all plots: a line's hue, dashes and marker, what it stands for, and of how many runs it is the mean. */
import type { ReactNode } from 'react';
import { LineKey } from '../curves/LineKey.tsx';
import type { Comparison } from './comparison.ts';

interface LineKeysProps {
  readonly comparison: Pick<Comparison, 'groups' | 'marks'>;
  readonly onPoint: (label: string | null) => void;
}

export function LineKeys({ comparison: { groups, marks }, onPoint }: LineKeysProps): ReactNode {
  return (
    <ul aria-label="Key" className="mt-2 flex flex-wrap gap-x-4 gap-y-0.5">
      {groups.map(({ key, label, runs }) => (
        <li
          key={key}
          className="max-w-full truncate"
          onPointerEnter={() => onPoint(label)}
          onPointerLeave={() => onPoint(null)}
        >
          <LineKey line={{ style: 'compared', mark: marks.get(key) }} />
          {label}
          {runs.length > 1 && <span className="text-soft"> n = {runs.length}</span>}
        </li>
      ))}
    </ul>
  );
}
