/** The trajectories, one to be chosen. */
import { useId, useMemo } from 'react';
import { count, fixed } from '../flow/figures.ts';
import { compact } from '../flow/labels.ts';
import type { SampledTrajectory } from './sampled.ts';
import { tellApart } from './telling.ts';

interface TrajectoryListProps {
  readonly sampled: readonly SampledTrajectory[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

export function TrajectoryList({ sampled, chosen, onChoose }: TrajectoryListProps) {
  const name = useId();
  const told = useMemo(() => tellApart(sampled.map(({ trajectory }) => trajectory)), [sampled]);
  const total = sampled.reduce((sum, { times }) => sum + times, 0);
  const different = sampled.filter(({ times }) => times > 0).length;
  return (
    <fieldset className="credit-list">
      <legend>
        {count(total, 'sampled walk')}
        {different < total ? `, ${different} different` : ''}
      </legend>
      <div>
        {sampled.map(({ key, trajectory, times, skill }, i) => (
          <label key={key} data-on={key === chosen} title={wordsOf(trajectory)}>
            <input
              type="radio"
              className="credit-sr"
              name={name}
              checked={key === chosen}
              onChange={() => onChoose(key)}
            />
            {skill !== null && (
              <span className="credit-source">
                Where <b>{skill}</b> came from:{' '}
              </span>
            )}
            <span className="credit-outcome">
              {trajectory.unexplored ? <span aria-hidden="true">? </span> : null}
              {trajectory.solved ? (
                <b className="credit-solved">
                  ✓<span className="credit-sr"> solved</span>{' '}
                </b>
              ) : null}
              {compact(told[i].outcome)}
            </span>
            {told[i].acts.length > 0 && <span className="credit-way">{told[i].acts.map(compact).join(', ')}</span>}
            <small>
              R {trajectory.unexplored ? 'not known' : fixed(trajectory.reward)} ·{' '}
              {count(trajectory.steps.length, 'step')}
              {times > 1 ? ` · ×${times}` : ''}
            </small>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The whole walk: where it ends, and by which acts. */
function wordsOf({ outcome, steps }: SampledTrajectory['trajectory']): string {
  return `${outcome}\n${steps.map(({ action }, i) => `${i + 1}. ${action}`).join('\n')}`;
}
