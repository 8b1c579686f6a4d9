/** The stage of "What flows": the graph with its flows, the page's controls, and the page's numbers. */
import { useMemo } from 'react';
import { drawTask, nodeKey } from '../../flow/drawing.ts';
import { FlowGraph } from '../../flow/FlowGraph.tsx';
import '../../flow/flow.css';
import { fixed, signed } from '../../flow/figures.ts';
import type { StageProps } from '../lesson.ts';
import { Controls } from './Controls.tsx';
import { CreditOfWalk } from './CreditOfWalk.tsx';
import type { Derived, WhatFlows } from './model.ts';
import { derive } from './model.ts';
import { OutcomeShares } from './OutcomeShares.tsx';
import { CONTROLS } from './pages.tsx';
import { Residuals } from './Residuals.tsx';

export function Stage({ page, state, onState }: StageProps<WhatFlows>) {
  const { graph } = state;
  const derived = useMemo(() => derive(state), [state]);
  const judged = page === 'credit' || page === 'fool';
  const residuals = page === 'break' || page === 'mend';
  const { policy, balanced } = useMemo(() => (judged ? derived : withoutCredit(derived)), [derived, judged]);
  const drawing = useMemo(() => drawTask(graph, policy, balanced), [graph, policy, balanced]);
  return (
    <>
      <FlowGraph
        graph={graph}
        learned={policy}
        drawing={drawing}
        mode="both"
        selected={nodeKey(state.selected)}
        onSelect={(node) => onState((now) => ({ ...now, selected: node.node ?? now.selected }))}
        label="The flow through the diamond graph"
        fullFlow={76}
        minHeight={190}
        lastLabel={146}
        nodeValue={(node) => `F = ${fixed(Math.exp(derived.flows.logF[node.node ?? 0]))}`}
        {...(residuals ? { edgeNote: (edge: number) => noteOf(derived.residual[edge]) } : {})}
      />
      <p className="lesson-key">
        Filled: the forward policy. Dashed: balance. <b>Z = {fixed(Math.exp(derived.flows.logZ))}</b>, log Z ={' '}
        {fixed(derived.flows.logZ, 3)}
      </p>
      <Controls shown={CONTROLS[page]} state={state} derived={derived} onState={onState} />
      {page === 'reward' || page === 'backward' ? <OutcomeShares graph={graph} derived={derived} /> : null}
      {residuals ? <Residuals graph={graph} logPB={state.logPB} derived={derived} /> : null}
      {judged ? <CreditOfWalk state={state} derived={derived} onState={onState} /> : null}
    </>
  );
}

/** Colour means credit; before credit has been explained the edges carry none. */
function withoutCredit({ policy, balanced }: Derived): Pick<Derived, 'policy' | 'balanced'> {
  const none = policy.centredCredit.map(() => 0);
  return { policy: { ...policy, centredCredit: none }, balanced: { ...balanced, centredCredit: none } };
}

function noteOf(residual: number): string | null {
  return Math.abs(residual) < 0.005 ? null : `δ ${signed(residual)}`;
}
