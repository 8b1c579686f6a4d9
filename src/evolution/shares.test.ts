import { describe, expect, test } from 'vitest';
import { evaluatePolicy } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { expectedSteps, skillShares } from './shares.ts';
import { tableGraph, withSlots } from './walk.fixture.ts';

const skills = [
  { slot: 0, name: 'first' },
  { slot: 2, name: 'third' },
];

function walked(graph: TaskGraph, probabilities: readonly number[]) {
  const logPF = Float64Array.from(probabilities, Math.log);
  return expectedSteps(graph, logPF, evaluatePolicy(graph, logPF));
}

describe('the share of a skill', () => {
  // From the start to state 1 (the first skill) or to an end; from state 1 to an end by the third skill.
  const graph = withSlots(tableGraph({ moves: [[1, ~0], [~1]], rewards: [0, 1] }), [
    [0, 0],
    [2, 2],
  ]);

  test('is its expected invocations over expected steps', () => {
    // Steps: 1 + 0.25; the first skill is invoked 0.25 times, and so is the third.
    expect(skillShares(skills, [walked(graph, [0.25, 0.75, 1])])).toEqual([
      { slot: 0, name: 'first', share: expect.closeTo(0.2, 12) },
      { slot: 2, name: 'third', share: expect.closeTo(0.2, 12) },
    ]);
  });

  test('counts the steps of all tasks alike, and a skill that is nowhere offered as 0', () => {
    const plain = tableGraph({ moves: [[~0]], rewards: [1] });
    const shares = skillShares(
      [...skills, { slot: 5, name: 'sixth' }],
      [walked(graph, [1, 0, 1]), walked(plain, [1]), walked(plain, [1])],
    );
    // Two steps and one and one; each of the two skills once.
    expect(shares.map(({ share }) => share)).toEqual([0.25, 0.25, 0]);
    expect(skillShares(skills, []).map(({ share }) => share)).toEqual([0, 0]);
  });
});
