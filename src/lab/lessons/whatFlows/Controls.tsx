/** The sliders of "What flows" and the button that mends. */
import type { StageProps } from '../lesson.ts';
import { Slider } from '../Slider.tsx';
import { PB, PF } from '../symbols.tsx';
import type { Derived, WhatFlows } from './model.ts';
import { mend, mergeNodes, setBackward, setForward } from './model.ts';
import { forwardChoices } from './pages.tsx';

interface ControlsProps {
  readonly shown: { readonly beta: boolean; readonly backward: boolean; readonly forward: boolean };
  readonly state: WhatFlows;
  readonly derived: Derived;
  readonly onState: StageProps<WhatFlows>['onState'];
}

const LEAST = 0.005;
const SHARE = { min: LEAST, max: 1 - LEAST, step: LEAST, decimals: 3 };

export function Controls({ shown, state, derived, onState }: ControlsProps) {
  const { graph } = state;
  if (!shown.beta && !shown.backward && !shown.forward) return null;
  return (
    <div className="lesson-controls">
      {shown.beta ? (
        <Slider
          label="β, the reward’s exponent"
          value={state.beta}
          min={0}
          max={6}
          step={0.1}
          decimals={1}
          onChange={(beta) => onState((now) => ({ ...now, beta }))}
        />
      ) : null}
      {shown.backward
        ? mergeNodes(graph).map((node) => {
            const edge = graph.inEdge[graph.inStart[node]];
            return (
              <Slider
                key={node}
                label={
                  <>
                    <PB /> of “{graph.nodeText[graph.source[edge]]}” into “{graph.nodeText[node]}”
                  </>
                }
                value={Math.exp(state.logPB[edge])}
                {...SHARE}
                onChange={(share) => onState((now) => setBackward(now, edge, share))}
              />
            );
          })
        : null}
      {shown.forward
        ? forwardChoices(state).map(({ state: from, edge }) => (
            <Slider
              key={edge}
              label={
                <>
                  <PF /> of “{graph.actionText[graph.action[edge]]}” in “{graph.nodeText[from]}”
                </>
              }
              value={Math.exp(derived.logPF[edge])}
              {...SHARE}
              onChange={(share) => onState((now) => setForward(now, edge, share))}
            />
          ))
        : null}
      {shown.forward ? (
        <button type="button" disabled={state.brokenLogPF === null} onClick={() => onState(mend)}>
          Mend: <PF /> = F(e) / F(s)
        </button>
      ) : null}
    </div>
  );
}
