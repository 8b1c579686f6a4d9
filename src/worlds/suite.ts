/** What a suite is: a family of tasks made from settings and a seed. */
import type { ZodType } from 'zod';
import type { Split, Task } from '../graph/world.ts';

export interface Suite<Settings> {
  readonly name: string;
  /** One line for the settings panel. */
  readonly summary: string;
  /** Every setting has a default; unknown fields are refused. Sizes too large to enumerate are refused here. */
  readonly settings: ZodType<Settings>;
  /** Defaults of the target `p* ~ (R + eps)^beta`, chosen so that the target itself mostly succeeds. */
  readonly beta: number;
  readonly eps: number;
  /** Whether its executor carries out skills: then its worlds have `composites`. */
  readonly skills: boolean;
  /** Whether a language model carries out its acts; then a task is known as far as the results go. */
  readonly live: boolean;
  /** Task `index` of a split. The same arguments give the same task; splits share no task. */
  task(settings: Settings, seed: number, split: Split, index: number): Task;
}
