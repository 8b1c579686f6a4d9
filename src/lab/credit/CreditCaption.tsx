/** What the waterfall shows, in words made from its numbers. */
import type { CreditedTrajectory } from '../../session/protocol.ts';
import { count, signed } from '../flow/figures.ts';
import { decisiveSteps } from './decisive.ts';

export function CreditCaption({ trajectory }: { trajectory: CreditedTrajectory }) {
  const { steps, groupAdvantage } = trajectory;
  if (trajectory.unexplored) {
    return (
      <p className="credit-caption">
        This walk leads to what the model was not asked yet. Its reward is not known and counts as 0 below, so nothing
        here is credit or blame yet.
      </p>
    );
  }
  return (
    <p className="credit-caption">
      <DecisiveWords trajectory={trajectory} />{' '}
      {groupAdvantage === null ? (
        'GRPO would give no step any credit: every trajectory of this group has the same reward.'
      ) : (
        <>
          GRPO would give {steps.length === 1 ? 'its one step' : `every one of its ${count(steps.length, 'step')}`}{' '}
          <b>{signed(groupAdvantage)}</b>.
        </>
      )}
    </p>
  );
}

function DecisiveWords({ trajectory }: { trajectory: CreditedTrajectory }) {
  const { steps } = trajectory;
  const { exact, learned, agree } = decisiveSteps(trajectory);
  if (exact.length === 0) return <>No step decided this walk: each did what the exact policy does on average.</>;
  const [first] = exact;
  const step = steps[first];
  const verdict = step.exactCentred > 0 ? 'credit' : 'blame';
  if (exact.length > 1) {
    return (
      <>
        Steps {exact.map((i) => i + 1).join(' and ')} tie as decisive: exact {verdict}{' '}
        <b>{signed(step.exactCentred)}</b> each.
      </>
    );
  }
  if (step.centred * step.exactCentred < 0) {
    return (
      <>
        Step {first + 1}, <b>{step.action}</b>, was decisive: exact {verdict} <b>{signed(step.exactCentred)}</b>. The
        learned credit has the wrong sign, <b>{signed(step.centred)}</b>.
      </>
    );
  }
  return (
    <>
      Step {first + 1}, <b>{step.action}</b>, was decisive: {verdict} <b>{signed(step.centred)}</b> (exact{' '}
      {signed(step.exactCentred)}).
      {agree || learned.length === 0 ? null : (
        <>
          {' '}
          The learned credit points at step {learned[0] + 1}, <b>{steps[learned[0]].action}</b>, instead.
        </>
      )}
    </>
  );
}
