/** Examples of every suite, each a function of its seed. */
import { randomSource } from '../../../src/worlds/random.ts';
import type { Example, MicroSuite } from './example.ts';
import { weighted } from './example.ts';
import { homeExample } from './home.ts';
import { mathExample } from './math.ts';
import type { Wanted } from './qa.ts';
import { qaExample } from './qa.ts';

const SUITES: Readonly<Record<MicroSuite, number>> = { 'two-hop-qa': 62, 'contest-math': 26, household: 12 };

/** Example `index` of a seed; of any suite where none is named. */
export function exampleAt(seed: number, index: number, wanted: Wanted & { readonly suite?: MicroSuite }): Example {
  const random = randomSource(seed, index);
  const suite = wanted.suite ?? weighted(random, SUITES);
  if (suite === 'two-hop-qa') return qaExample(random, wanted);
  return suite === 'contest-math' ? mathExample(random, wanted) : homeExample(random, wanted);
}
