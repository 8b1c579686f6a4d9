/**
 * The Credit view: a sampled trajectory's steps as a waterfall that adds up to
 * `beta log R~ - log Z`, beside exact credit and beside the one number that GRPO would give.
 */
import { useMemo, useState } from 'react';
import type { CreditedTrajectory, CreditView } from '../../session/protocol.ts';
import './credit.css';
import { fixed, signed } from '../flow/figures.ts';
import type { MarkedWalk } from '../flow/markedWalk.ts';
import { CreditCaption } from './CreditCaption.tsx';
import { CreditTable } from './CreditTable.tsx';
import { decisiveSteps } from './decisive.ts';
import { askedFor, joinRepeats } from './sampled.ts';
import { TrajectoryList } from './TrajectoryList.tsx';
import { WaterfallTable } from './WaterfallTable.tsx';
import { waterfallOf } from './waterfall.ts';

interface CreditPanelProps {
  readonly view: CreditView;
  /** A walk that a skill came from, which the view holds: it stands first, and is chosen until another one is. */
  readonly walk?: MarkedWalk | null;
}

export function CreditPanel({ view, walk = null }: CreditPanelProps) {
  const sampled = useMemo(() => {
    const credited = view.walk?.credited ?? null;
    return [...(walk && credited ? [askedFor(walk.skill, credited)] : []), ...joinRepeats(view.trajectories)];
  }, [view, walk]);
  const [wanted, setWanted] = useState<string | null>(null);
  const chosen = sampled.find(({ key }) => key === wanted) ?? sampled[0];
  if (chosen === undefined)
    return <p className="credit-caption">No walk was sampled, so there is no credit to show.</p>;
  return (
    <div className="credit-view">
      <TrajectoryList sampled={sampled} chosen={chosen.key} onChoose={setWanted} />
      <TrajectoryCredit
        key={chosen.key}
        text={view.text}
        trajectory={chosen.trajectory}
        walk={chosen.skill === null ? null : walk}
      />
    </div>
  );
}

interface TrajectoryCreditProps {
  readonly text: string;
  readonly trajectory: CreditedTrajectory;
  /** What a skill's plan covers of it, if a skill came from it. */
  readonly walk: MarkedWalk | null;
}

function TrajectoryCredit({ text, trajectory, walk }: TrajectoryCreditProps) {
  const waterfall = useMemo(() => waterfallOf(trajectory.steps, trajectory.exactTotal), [trajectory]);
  const decisive = useMemo(() => decisiveSteps(trajectory).exact[0] ?? 0, [trajectory]);
  const [pointed, setPointed] = useState<number | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const current = focused ?? decisive;
  const shown = pointed ?? current;
  return (
    <section className="credit-card" aria-label="Credit">
      <h2>{text}</h2>
      <CreditCaption trajectory={trajectory} />
      <p className="credit-end">
        The walk ends in: <b>{trajectory.outcome}</b>
        {trajectory.unexplored
          ? ': the model was not asked yet, so the reward is not known and stands as 0.'
          : `${trajectory.solved ? ', which solves the task' : ''}; reward ${fixed(trajectory.reward)}.`}
      </p>
      <p className="credit-sum-line">
        <span>{waterfall.bars.map((bar) => signed(bar.shown)).join(' ')}</span> = <b>{signed(waterfall.shownTotal)}</b>{' '}
        = β log R̃ − log Z
      </p>
      <ul className="credit-legend" aria-label="Key">
        <li>
          <i data-swatch="plus" aria-hidden="true" />+ better than the policy’s average here
        </li>
        <li>
          <i data-swatch="minus" aria-hidden="true" />− worse
        </li>
        <li>
          <i data-swatch="flow" aria-hidden="true" />
          neutral
        </li>
        <li>
          <i data-swatch="exact" aria-hidden="true" />
          exact
        </li>
        {walk !== null && (
          <li>
            <i data-swatch="covered" aria-hidden="true" />
            covered by the plan of {walk.skill}
          </li>
        )}
      </ul>
      <WaterfallTable
        trajectory={trajectory}
        waterfall={waterfall}
        current={current}
        walk={walk}
        onPoint={setPointed}
        onFocus={(step) => {
          setFocused(step);
          // The keyboard spoke last: a pointer that merely rests on a row does not hold it.
          setPointed(null);
        }}
      />
      <p className="credit-state" aria-live="polite">
        <b>Step {shown + 1}</b> starts in: {trajectory.steps[shown].state}
      </p>
      <CreditTable trajectory={trajectory} />
    </section>
  );
}
