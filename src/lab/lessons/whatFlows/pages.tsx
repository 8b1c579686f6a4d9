/** The pages of the lesson "What flows". */
import type { Page } from '../lesson.ts';
import { PF } from '../symbols.tsx';
import { branchStates, derive, leaving, mend, mergeNodes, setForward, type WhatFlows } from './model.ts';

/** A residual below this counts as balance: the sliders have steps, the equation has none. */
export const BALANCED = 0.02;
export const BROKEN = 0.5;

/** A policy that any reader can see is out of balance. */
function broken(state: WhatFlows): WhatFlows {
  return derive(state).worst > BROKEN ? state : setForward(state, leaving(state.graph, 0)[0], 0.25);
}

function outcomeShares(state: WhatFlows): number[] {
  const { logReach } = derive(state).balanced;
  return Array.from(logReach.subarray(state.graph.states), Math.exp);
}

export const PAGES: readonly Page<WhatFlows>[] = [
  {
    id: 'graph',
    title: 'A task is a graph',
    text: (
      <>
        <p>
          Two clues lie on a table. A walk reads clues and then answers. With the left clue alone the answer is poor and
          pays <b>R = 1</b>; with both it is good and pays <b>R = 2</b>.
        </p>
        <p>
          A state is the <b>set</b> of clues that were read, never their order. So left then right, and right then left,
          lead to one and the same state: this is a graph and not a tree.
        </p>
      </>
    ),
    ask: 'Click the state that two edges enter.',
    done: ({ graph, selected }) => mergeNodes(graph).includes(selected),
    seen: 'Two ways lead here. How they share what comes through is a choice, and page 3 lets you make it.',
  },
  {
    id: 'reward',
    title: 'Reward is what flows out',
    text: (
      <>
        <p>
          Think of water. Each outcome draws as much as its reward, raised to the power β, and the start feeds them all.
          What it feeds is <b>Z</b>. Widths are shares of Z.
        </p>
        <p>
          At β = 1 the good answer draws twice what the poor one does: both plans stay alive, in proportion to what they
          pay. A larger β sharpens the choice.
        </p>
      </>
    ),
    equation: String.raw`\begin{gathered}F(x) = R(x)^{\beta} \qquad Z = \sum_x F(x) \\[4pt] p^*(x) = \frac{F(x)}{Z}\end{gathered}`,
    ask: 'Raise β until the good answer draws more than 90% of the flow.',
    done: (state) => Math.max(...outcomeShares(state)) > 0.9,
    enter: mend,
    seen: 'The target is sharper, and still not one plan only. A policy that maximises reward would have dropped the poor answer at once.',
  },
  {
    id: 'backward',
    title: 'The way back is a choice',
    text: (
      <>
        <p>
          Outcomes fix what arrives, not the way it came. The <b>backward policy</b> says it: of what reaches “both
          clues read”, how much came by the left clue first?
        </p>
        <p>Any choice is valid. It moves the flow inside the graph, and leaves every outcome and Z as they are.</p>
      </>
    ),
    equation: String.raw`\begin{gathered}F(e) = F(s')\,P_B(e \mid s') \\[4pt] F(s) = \sum_{e\,:\,s \to} F(e)\end{gathered}`,
    ask: 'Send more than 90% back by the right clue, and watch Z.',
    done: ({ graph, logPB }) =>
      mergeNodes(graph).some((v) => Math.exp(logPB[graph.inEdge[graph.inStart[v] + 1]]) > 0.9),
    enter: (state) => mend({ ...state, beta: 1 }),
    seen: 'The two upper and lower ways traded their flow. Z and both outcomes kept theirs to the last digit.',
  },
  {
    id: 'break',
    title: 'Balance, and how to break it',
    text: (
      <>
        <p>
          A forward policy that sends each edge its share of the flow,{' '}
          <b>
            <PF /> = F(e) / F(s)
          </b>
          , ends in each outcome exactly as often as its reward asks. Then both sides of every edge agree.
        </p>
        <p>
          The residual δ says by how much they do not. Filled is what the policy sends, dashed is what balance asks.
        </p>
      </>
    ),
    equation: String.raw`\delta(e) = \log \frac{F(s)\,P_F(e \mid s)}{F(s')\,P_B(e \mid s')}`,
    ask: 'Break it: move a forward probability until some |δ| is above 0.5.',
    done: (state) => derive(state).worst > BROKEN,
    enter: mend,
    seen: 'Only the edges that leave that state went wrong, but every walk through them now ends too often or too seldom.',
  },
  {
    id: 'mend',
    title: 'Mend it',
    text: (
      <>
        <p>
          Training is this: move <PF /> until the residuals vanish. The lab’s objectives add them up along whole walks,
          and that sum is Δ.
        </p>
        <p>Do it by hand if you can. Filled and dashed must meet.</p>
      </>
    ),
    equation: String.raw`\begin{aligned}\Delta(\tau) &= \sum_{e \in \tau} \delta(e) \\ &= \log Z + \sum_t \log P_F \\ &\quad - \beta \log R - \sum_t \log P_B\end{aligned}`,
    ask: 'Bring every |δ| below 0.02, with the sliders or with the button.',
    done: (state) => derive(state).worst < BALANCED,
    enter: broken,
    seen: 'Balanced again. There is one forward policy for each backward policy, and you have found it.',
  },
  {
    id: 'credit',
    title: 'Credit adds up',
    text: (
      <>
        <p>
          A step’s <b>credit</b> is what it did to the log of the flow still to come. Along a walk the credits add up to
          β log R − log Z, at any moment of training: what is still out of balance is spread evenly.
        </p>
        <p>Colour judges a step against what the policy does there on average: + is credit, − is blame.</p>
      </>
    ),
    equation: String.raw`\begin{gathered}c_t = \log P_F(e_t) - \log P_B(e_t) - \tfrac{\Delta}{T} \\[4pt] \sum_t c_t = \beta \log R - \log Z\end{gathered}`,
    ask: 'Choose a walk, then break the balance: the bars move, their sum does not.',
    done: (state) => state.walk !== null && derive(state).worst > BROKEN,
    enter: (state) => ({ ...mend(state), walk: null }),
    seen: 'The sum is the same to the last digit. A method that gives every step one number could not tell these steps apart.',
  },
  {
    id: 'fool',
    title: 'Now fool it',
    text: (
      <>
        <p>
          Trajectory balance looks at one walk at a time. Can a walk look perfect, Δ = 0, while the policy is wrong?
        </p>
        <p>All controls are yours. Two errors along a walk may cancel.</p>
      </>
    ),
    ask: 'Find a policy with |Δ| below 0.05 on one walk and above 0.5 on another.',
    done: (state) => {
      const sizes = derive(state).walks.map((walk) => Math.abs(walk.credit.delta));
      return Math.min(...sizes) < 0.05 && Math.max(...sizes) > BROKEN;
    },
    enter: (state) => ({ ...mend(state), walk: state.walk ?? 0 }),
    seen: 'One balanced walk proves nothing: balance is a property of all of them. That is why the lab samples many, and why it explores.',
  },
];

/** Which controls a page offers. */
export const CONTROLS: Readonly<Record<string, { beta: boolean; backward: boolean; forward: boolean }>> = {
  graph: { beta: false, backward: false, forward: false },
  reward: { beta: true, backward: false, forward: false },
  backward: { beta: false, backward: true, forward: false },
  break: { beta: false, backward: false, forward: true },
  mend: { beta: false, backward: false, forward: true },
  credit: { beta: false, backward: true, forward: true },
  fool: { beta: true, backward: true, forward: true },
};

/** The states whose forward probabilities have a slider. */
export function forwardChoices({ graph }: WhatFlows): { readonly state: number; readonly edge: number }[] {
  return branchStates(graph).map((state) => ({ state, edge: leaving(graph, state)[0] }));
}
