import { describe, expect, it } from 'vitest';
import { branchStates, derive, initialWhatFlows, leaving, mend, mergeNodes, setBackward, setForward } from './model.ts';
import { BALANCED, BROKEN, CONTROLS, PAGES } from './pages.tsx';

const start = initialWhatFlows();
const page = (id: string) => {
  const found = PAGES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no page ${id}`);
  return found;
};

describe('the lesson’s model', () => {
  it('has one node that two edges enter and two states that two edges leave', () => {
    expect(mergeNodes(start.graph)).toHaveLength(1);
    expect(branchStates(start.graph)).toHaveLength(2);
  });

  it('starts in balance, with Z the sum of the rewards 1 and 2', () => {
    const { flows, worst } = derive(start);
    expect(Math.exp(flows.logZ)).toBeCloseTo(3, 9);
    expect(worst).toBeLessThan(1e-9);
  });

  it('keeps Z and the outcomes while the backward policy moves the flow inside', () => {
    const edge = start.graph.inEdge[start.graph.inStart[mergeNodes(start.graph)[0]]];
    const before = derive(start);
    const after = derive(setBackward(start, edge, 0.05));
    expect(after.flows.logZ).toBeCloseTo(before.flows.logZ, 9);
    for (let x = start.graph.states; x < start.graph.states + start.graph.outcomes; x++) {
      expect(after.policy.logReach[x]).toBeCloseTo(before.policy.logReach[x], 9);
    }
    expect(after.flows.logFEdge[edge]).not.toBeCloseTo(before.flows.logFEdge[edge], 1);
    expect(after.worst).toBeLessThan(1e-9);
  });

  it('breaks only the edges that leave the state whose probability was changed', () => {
    const { residual } = derive(setForward(start, 0, 0.25));
    // F(start) = 3, F(left) = 2, F(right) = 1 at uniform P_B: log(.75 / 2) and log(2.25 / 1).
    expect(residual[0]).toBeCloseTo(Math.log(0.75 / 2), 9);
    expect(residual[1]).toBeCloseTo(Math.log(2.25), 9);
    for (const e of residual.keys()) if (start.graph.source[e] !== 0) expect(residual[e]).toBeCloseTo(0, 9);
  });

  it('adds the residuals along every walk to its Delta', () => {
    const state = setForward(setForward(start, 0, 0.25), leaving(start.graph, branchStates(start.graph)[1])[0], 0.8);
    const { residual, walks } = derive(state);
    for (const walk of walks) {
      expect(walk.edges.reduce((sum, e) => sum + residual[e], 0)).toBeCloseTo(walk.credit.delta, 9);
    }
  });

  it('has credits that add up to beta log R - log Z, broken or not', () => {
    for (const state of [start, setForward(start, 0, 0.1)]) {
      const { walks, flows } = derive(state);
      for (const { credit, outcome } of walks) {
        const sum = credit.credit.reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo(Math.log(start.graph.reward[outcome - start.graph.states]) - flows.logZ, 9);
      }
    }
  });
});

describe('the lesson’s pages', () => {
  it('each ask for something that is not done when the page opens', () => {
    for (const each of PAGES) expect(each.done(each.enter?.(start) ?? start), each.id).toBe(false);
  });

  it('each say which controls they offer', () => {
    expect(Object.keys(CONTROLS).sort()).toEqual(PAGES.map(({ id }) => id).sort());
  });

  it('can be done: click, sharpen, send back, break, mend', () => {
    const merge = mergeNodes(start.graph)[0];
    const fromLeft = start.graph.inEdge[start.graph.inStart[merge]];
    expect(page('graph').done({ ...start, selected: merge })).toBe(true);
    // p*(good) = 2^beta / (1 + 2^beta) passes 0.9 at beta = log2 9 = 3.17
    expect(page('reward').done({ ...start, beta: 3.1 })).toBe(false);
    expect(page('reward').done({ ...start, beta: 3.2 })).toBe(true);
    expect(page('backward').done(setBackward(start, fromLeft, 0.05))).toBe(true);
    const broken = setForward(start, 0, 0.25);
    expect(derive(broken).worst).toBeGreaterThan(BROKEN);
    expect(page('break').done(broken)).toBe(true);
    expect(page('mend').done(broken)).toBe(false);
    expect(page('mend').done(mend(broken))).toBe(true);
    expect(page('credit').done({ ...broken, walk: 0 })).toBe(true);
  });

  it('can be mended by hand with the sliders’ steps of 0.005', () => {
    const byHand = setForward(setForward(start, 0, 0.25), 0, 0.665);
    expect(derive(byHand).worst).toBeLessThan(BALANCED);
  });

  it('end in a policy that fools one walk: two errors cancel on it and not elsewhere', () => {
    // left, poor answer: P_F = 2/3 * 1/2 at balance; 0.4 * 5/6 is the same product.
    const [, leftState] = branchStates(start.graph);
    const answer = leaving(start.graph, leftState).find((e) => start.graph.target[e] >= start.graph.states);
    if (answer === undefined) throw new Error('the left state has no answer');
    expect(page('fool').done(setForward(setForward(start, 0, 0.4), answer, 5 / 6))).toBe(true);
    expect(page('fool').done(start)).toBe(false);
  });
});
