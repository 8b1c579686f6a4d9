/** What the Flow picture shows, in words made from its numbers. */
import type { Cut } from './cut.ts';
import type { FlowFacts } from './facts.ts';
import { count, percent } from './figures.ts';

interface FlowCaptionProps {
  readonly facts: FlowFacts;
  /** Null where the picture is a grid, which is drawn whole. */
  readonly cut: Cut | null;
  /** How many edges are too thin to draw, of how many. */
  readonly thinEdges: number;
  readonly edges: number;
}

export function FlowCaption({ facts, cut, thinEdges, edges }: FlowCaptionProps) {
  const { choice } = facts;
  return (
    <p className="flow-caption">
      From the start {percent(choice.learned)} of the flow goes through <b>{choice.action}</b> (exact{' '}
      {percent(choice.exact)}). <SolvedWords facts={facts} /> <UnaskedWords facts={facts} />
      {cut === null ? 'Squares show how often a walk stops in a cell, arrows how it gets there.' : null}
      {cut === null || cut.whole ? null : <CutWords cut={cut} thinEdges={thinEdges} edges={edges} />}
    </p>
  );
}

export function SolvedWords({ facts }: { facts: FlowFacts }) {
  if (facts.solvedOutcomes === 0) return <>No outcome of this task counts as solved. </>;
  return (
    <>
      {facts.solvedOutcomes.toLocaleString('en')} of {count(facts.outcomes, 'outcome')}{' '}
      {facts.solvedOutcomes === 1 ? 'is solved and holds' : 'are solved and hold'} <b>{percent(facts.success)}</b> of
      the flow (exact {percent(facts.targetSuccess)}); {aliveWords(facts)}.{' '}
    </>
  );
}

/** What of a live task is not known, so that success is read as what it is. */
function UnaskedWords({ facts: { unasked, success } }: { facts: FlowFacts }) {
  if (unasked === null) return null;
  const { choices, flow } = unasked;
  return (
    <>
      {count(choices, 'choice')} {choices === 1 ? 'was' : 'were'} not asked of the model yet;{' '}
      {flow === 0 ? (
        'no walk takes one. '
      ) : (
        <>
          <b>{percent(flow)}</b> of the flow leads there, so success is at most {percent(Math.min(1, success + flow))}.{' '}
        </>
      )}
      Exact is what is best of what is known.{' '}
    </>
  );
}

function aliveWords({ alive, solvedOutcomes }: FlowFacts): string {
  if (solvedOutcomes === 1)
    return alive === 1 ? 'it has at least half of its share' : 'it has less than half of its share';
  if (alive === solvedOutcomes) return `all ${alive} have at least half of their share`;
  if (alive === 0) return 'none has even half of its share';
  return `${alive} of them ${alive === 1 ? 'has' : 'have'} at least half of ${alive === 1 ? 'its' : 'their'} share`;
}

/** What was left out of the picture, with numbers. */
function CutWords({ cut, thinEdges, edges }: { cut: Cut; thinEdges: number; edges: number }) {
  return (
    <span className="flow-cut">
      {cut.statesDrawn} of {count(cut.states, 'state')} and {cut.outcomesDrawn} of {count(cut.outcomes, 'outcome')} are
      drawn one by one: <b>{percent(cut.learnedInside)}</b> of the learned and {percent(cut.exactInside)} of the exact
      flow never leaves them. The rest is folded into grey
      {thinEdges > 0
        ? `; edges too thin to see are left out (${thinEdges.toLocaleString('en')} of ${edges.toLocaleString('en')})`
        : ''}
      .
    </span>
  );
}
