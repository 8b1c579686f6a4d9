/** The suite `two-hop-qa-live`: the same questions, worked on by a language model with the same search. */
import { z } from 'zod';
import type { Split, Task } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { hurriedSchema, hurriedSteps } from '../hurry.ts';
import { asTask, firstLine } from '../live/liveSuite.ts';
import type { LiveTask } from '../live/notesWorld.ts';
import { randomSource } from '../random.ts';
import type { Suite } from '../suite.ts';
import { libraryOf, questionAt } from './dealt.ts';
import { COUNTRIES, FACTS } from './facts.ts';
import { search } from './search.ts';
import { graded } from './world.ts';

const NAME = 'two-hop-qa-live';

const settings = z.strictObject({
  /** Steps until the answer is due. */
  steps: z.int().min(1).max(5).default(3),
  /** Share of the tasks that have a single step, however many the others have. */
  hurried: hurriedSchema,
  /** Passages that a search notes. */
  hits: z.int().min(1).max(5).default(2),
  /**
   * Which countries are dealt to which split: of another deal the small model of the lab may have been trained on
   * what is held out. The run's own seed deals nothing.
   */
  deal: z.int().min(0).max(0xffffffff).default(0),
  /** Countries that search knows in one task. */
  countries: z.int().min(10).max(COUNTRIES.length).default(60),
});
export type LiveQaSettings = z.output<typeof settings>;

export const twoHopQaLive: Suite<LiveQaSettings> = {
  name: NAME,
  summary: 'Two-hop questions about countries, worked on by a language model: plan, recall, search, check, answer.',
  settings,
  beta: 4,
  eps: 0.1,
  skills: true,
  live: true,
  task(chosen, _, split: Split, index): Task {
    const { deal: seed } = chosen;
    const question = questionAt(seed, split, index);
    const { text, answers } = question;
    return asTask({ suite: NAME, split, index, answers }, text, (): LiveTask => {
      const library = libraryOf(question, chosen, seed, split, index);
      return {
        prompt: text,
        acts: ['plan', 'recall', 'search', 'check'],
        steps: hurriedSteps(chosen.hurried, randomSource(seed, SPLITS.indexOf(split), index, 2), chosen.steps),
        noted(act, answer) {
          if (act !== 'search') return firstLine(answer);
          const found = search(firstLine(answer), chosen.hits, library);
          return found.length === 0 ? 'nothing found' : found.map((fact) => FACTS[fact].text).join(' | ');
        },
        graded: (answer) => graded(firstLine(answer), question),
      };
    });
  },
};
