/** The suite `household-live`: the same goals; a language model writes the acts as commands, and the household carries them out. */
import { z } from 'zod';
import type { Task } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { asTask } from '../live/liveSuite.ts';
import type { LiveTask } from '../live/notesWorld.ts';
import { randomSource } from '../random.ts';
import type { Suite } from '../suite.ts';
import { goalAt } from './goals.ts';
import type { Layout } from './layout.ts';
import { drawLayout } from './layout.ts';
import type { HouseholdState } from './world.ts';
import { FINISH, householdWorld } from './world.ts';

const NAME = 'household-live';
/** Commands of one answer beyond which nothing is carried out. */
const HORIZON = 9;

const settings = z.strictObject({
  /** Steps until the answer is due. */
  steps: z.int().min(1).max(4).default(2),
  /** Which goals are dealt to which split, in the place of the run's seed: see `two-hop-qa-live`. */
  deal: z.int().min(0).max(0xffffffff).default(0),
  rooms: z.int().min(1).max(2).default(2),
  /** Containers and appliances together. */
  receptacles: z.int().min(4).max(6).default(4),
  objects: z.int().min(1).max(3).default(2),
});
export type LiveHouseholdSettings = z.output<typeof settings>;

export const householdLive: Suite<LiveHouseholdSettings> = {
  name: NAME,
  summary: 'Household goals, worked on by a language model that writes commands: plan, try, check, answer.',
  settings,
  beta: 5,
  eps: 0.1,
  skills: true,
  live: true,
  task(chosen, _, split, index): Task {
    const { deal: seed } = chosen;
    const { goal, text } = goalAt(seed, split, index);
    return asTask({ suite: NAME, split, index }, text, (): LiveTask => {
      const { steps, deal: __, ...sizes } = chosen;
      const random = randomSource(seed, SPLITS.indexOf(split), index);
      const layout = drawLayout(goal, { ...sizes, horizon: HORIZON }, random);
      const world = householdWorld(goal, layout, HORIZON);
      return {
        prompt: `${text}. ${inPlace(layout, world.items(world.initial()))}`,
        acts: ['plan', 'try', 'check'],
        steps,
        noted(act, answer) {
          if (act !== 'try') return answer.trim().split('\n', 1)[0].trim();
          const { done, refused, state } = carriedOut(world, answer);
          return [
            done.length === 0 ? 'nothing was done' : `done: ${done.join('; ')}`,
            ...(refused === null ? [] : [`not possible: ${refused}`]),
            `now: ${world.items(state).join(', ')}`,
          ].join(' | ');
        },
        graded(answer) {
          const { done, state } = carriedOut(world, answer);
          const arrival = world.step(state, FINISH);
          if (!('outcome' in arrival)) throw new Error('Finishing a household task led on.');
          return { ...arrival.outcome, text: done.length === 0 ? 'nothing was done' : done.join('; ') };
        },
      };
    });
  },
};

/** Where everything is, in the household's own words. */
function inPlace({ rooms, containers, appliances }: Layout, facts: readonly string[]): string {
  const places = rooms.map((room, i) => {
    const here = [...containers, ...appliances].filter((one) => one.room === i).map(({ name }) => name);
    return `${room}: ${here.length === 0 ? 'nothing' : here.join(', ')}`;
  });
  return `${facts.join(', ')}. ${places.join('; ')}.`;
}

interface Carried {
  readonly done: readonly string[];
  /** The first command that was not possible; what follows it is left out. */
  readonly refused: string | null;
  readonly state: HouseholdState;
}

/** The commands of an answer, one a line or with semicolons between them, from the start. */
function carriedOut(world: ReturnType<typeof householdWorld>, answer: string): Carried {
  const commands = answer
    .split(/[\n;]/)
    .map((line) =>
      line
        .replace(/^\s*(?:\d+[.)]|[-*])\s*/, '')
        .trim()
        .replace(/\.$/, '')
        .toLowerCase(),
    )
    .filter((line) => line !== '');
  const done: string[] = [];
  let state = world.initial();
  for (const command of commands) {
    const action = world.actions(state).find(({ kind, text }) => kind === 'act' && text.toLowerCase() === command);
    if (action === undefined) return { done, refused: command, state };
    const arrival = world.step(state, action);
    if (!('state' in arrival)) return { done, refused: command, state };
    done.push(action.text);
    state = arrival.state;
  }
  return { done, refused: null, state };
}
