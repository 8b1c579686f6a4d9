/** The one registry of suites. Everything that names a suite looks it up here. */
import { contestMath } from '../worlds/contestMath/index.ts';
import { contestMathLive } from '../worlds/contestMath/live.ts';
import { diamond } from '../worlds/diamond/index.ts';
import { household } from '../worlds/household/index.ts';
import { householdLive } from '../worlds/household/live.ts';
import { hypergrid } from '../worlds/hypergrid/index.ts';
import { ownTasks } from '../worlds/ownTasks/index.ts';
import type { Suite } from '../worlds/suite.ts';
import { tree } from '../worlds/tree/index.ts';
import { twoHopQa } from '../worlds/twoHopQa/index.ts';
import { twoHopQaLive } from '../worlds/twoHopQa/live.ts';

/** In the order in which a settings panel shows them: the enumerated ones, then those that a language model works on. */
export const suites: readonly Suite<unknown>[] = [
  hypergrid,
  tree,
  diamond,
  twoHopQa,
  household,
  contestMath,
  twoHopQaLive,
  householdLive,
  contestMathLive,
  ownTasks,
];
