/** One question to the model with its right answer. */
import type { Call } from '../../../src/graph/call.ts';
import type { RandomSource } from '../../../src/worlds/random.ts';

export type MicroSuite = 'two-hop-qa' | 'contest-math' | 'household';

export interface Example {
  readonly suite: MicroSuite;
  /** The instruction of the skill that decides the answer; `none` without a skill, `plain` where it changes nothing. */
  readonly instruction: string;
  readonly call: Call;
  readonly want: string;
  /** What would be right without the skill, where the skill decides. */
  readonly otherwise?: string;
  /** Where other answers are right too. */
  readonly alsoRight?: (answer: string) => boolean;
}

/** True with probability `p`. */
export function chance(random: RandomSource, p: number): boolean {
  return random.next() < p;
}

/** A key drawn by its weight. */
export function weighted<K extends string>(random: RandomSource, weights: Readonly<Record<K, number>>): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  return entries[entries.length - 1][0];
}

/** The call of an act, with or without a skill's text. */
export function callOf(act: string, task: string, inputs: readonly string[], skill: string | null): Call {
  return { act, task, inputs, skill: skill === null ? null : { name: 'skill', version: 1, text: skill } };
}
