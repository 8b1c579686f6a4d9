/** Household goals, told as the live suite tells them; the right answer is a shortest plan, and every other plan that ends well counts too. */

import type { Split } from '../../../src/graph/world.ts';
import { household } from '../../../src/worlds/household/index.ts';
import type { Goal, Layout } from '../../../src/worlds/household/layout.ts';
import { allGoals, drawLayout } from '../../../src/worlds/household/layout.ts';
import { CONTAINERS, TREATED } from '../../../src/worlds/household/vocabulary.ts';
import { householdWorld, inOrOn } from '../../../src/worlds/household/world.ts';
import type { RandomSource } from '../../../src/worlds/random.ts';
import type { Example } from './example.ts';
import { callOf, chance, weighted } from './example.ts';
import type { Instructed } from './instructions.ts';
import { instructionToAnother, plainSkill, skillWith, worded } from './instructions.ts';
import type { Wanted } from './qa.ts';
import { SPLIT_SEED } from './qa.ts';

const HORIZON = 9;
const goalText = ({ kind, treatment, container }: Goal): string =>
  `put a ${TREATED[treatment]} ${kind} ${inOrOn({ name: container, ...CONTAINERS[container] })}`;

const bySplit = new Map<Split, readonly Goal[]>();
export function goalsOf(split: Split): readonly Goal[] {
  const held = bySplit.get(split);
  if (held !== undefined) return held;
  const byText = new Map(allGoals().map((goal) => [goalText(goal), goal] as const));
  const settings = household.settings.parse({});
  const goals = new Map<string, Goal>();
  for (let index = 0; index < byText.size; index++) {
    const { text } = household.task(settings, SPLIT_SEED, split, index);
    const goal = byText.get(text);
    if (goal === undefined) throw new Error(`No goal reads "${text}".`);
    goals.set(text, goal);
  }
  const dealt = [...goals.values()];
  bySplit.set(split, dealt);
  return dealt;
}

/** A shortest plan: fetch, treat, place. */
function planFor(goal: Goal, layout: Layout): readonly string[] {
  const room = (place: number): string => {
    const there = [...layout.appliances, ...layout.containers].filter((one) => one.room === place);
    return `go to the ${layout.rooms[place]} with the ${there.map(({ name }) => name).join(', ')}`;
  };
  const appliance = layout.appliances.find(({ treatment }) => treatment === goal.treatment);
  const target = layout.containers.find(({ name }) => name === goal.container);
  if (appliance === undefined || target === undefined) throw new Error('A household without what its goal needs.');
  const plans = layout.objects
    .filter(({ kind }) => kind === goal.kind)
    .map(({ name, place }) => {
      const source = layout.containers[place];
      return [
        ...(layout.startRoom === source.room ? [] : [room(source.room)]),
        ...(source.openable ? [`open the ${source.name}`] : []),
        `take ${name} from the ${source.name}`,
        ...(source.room === appliance.room ? [] : [room(appliance.room)]),
        `${goal.treatment} ${name} with the ${appliance.name}`,
        ...(appliance.room === target.room ? [] : [room(target.room)]),
        ...(target.openable ? [`open the ${target.name}`] : []),
        `put ${name} ${inOrOn(target)}`,
      ];
    });
  return plans.reduce((best, plan) => (plan.length < best.length ? plan : best));
}

const ACTS = { try: 50, answer: 34, plan: 6, check: 10 } as const;
const SKILLS = { none: 50, plain: 15, other: 5, told: 30 } as const;
type Act = keyof typeof ACTS;

/** The first `n` commands carried out, as the live suite notes it. */
function carriedOut(
  world: ReturnType<typeof householdWorld>,
  commands: readonly string[],
): { readonly note: string; readonly met: boolean; readonly refused: boolean } {
  const done: string[] = [];
  let state = world.initial();
  let refused: string | null = null;
  for (const command of commands) {
    const action = world.actions(state).find(({ kind, text }) => kind === 'act' && text === command);
    const arrival = action === undefined ? undefined : world.step(state, action);
    if (arrival === undefined || !('state' in arrival)) {
      refused = command;
      break;
    }
    done.push(command);
    state = arrival.state;
  }
  const finish = world.actions(state).find(({ kind }) => kind === 'accept');
  const end = finish === undefined ? undefined : world.step(state, finish);
  const parts = [
    done.length === 0 ? 'nothing was done' : `done: ${done.join('; ')}`,
    ...(refused === null ? [] : [`not possible: ${refused}`]),
    `now: ${world.items(state).join(', ')}`,
  ];
  return {
    note: parts.join(' | '),
    met: end !== undefined && 'outcome' in end && end.outcome.solved,
    refused: refused !== null,
  };
}

export function homeExample(random: RandomSource, { split, wordings, skill: asked, act: wanted }: Wanted): Example {
  const goal = random.pick(goalsOf(split));
  const rooms = chance(random, 0.85) ? 2 : 1;
  const layout = drawLayout(goal, { rooms, receptacles: 4, objects: 2, horizon: HORIZON }, random);
  const world = householdWorld(goal, layout, HORIZON);
  const places = layout.rooms.map((name, i) => {
    const here = [...layout.containers, ...layout.appliances].filter(({ room }) => room === i).map((one) => one.name);
    return `${name}: ${here.length === 0 ? 'nothing' : here.join(', ')}`;
  });
  const task = `${goalText(goal)}. ${world.items(world.initial()).join(', ')}. ${places.join('; ')}.`;
  const act = (wanted as Act | undefined) ?? weighted(random, ACTS);
  const kind = asked ?? weighted(random, SKILLS);
  const plan = planFor(goal, layout);
  type Right = (answer: string) => boolean;
  const done = (
    inputs: readonly string[],
    want: string,
    instruction: string,
    text: string | null,
    alsoRight?: Right,
  ): Example => ({
    suite: 'household',
    instruction,
    call: callOf(act, task, inputs, text),
    want,
    ...(alsoRight === undefined ? {} : { alsoRight }),
  });
  const place: Instructed = act === 'answer' ? 'try' : act;
  const plain = (inputs: readonly string[], want: string, alsoRight?: Right): Example => {
    if (kind === 'other' || kind === 'told') {
      return done(inputs, want, 'plain', instructionToAnother(random, place, wordings), alsoRight);
    }
    return done(inputs, want, kind, kind === 'none' ? null : plainSkill(random), alsoRight);
  };
  const told = (
    inputs: readonly string[],
    want: string,
    otherwise: string,
    instruction: string,
    slot = '',
  ): Example => {
    const text = worded(random, place, instruction, wordings, slot);
    return { ...done(inputs, want, instruction, skillWith(random, place, text, wordings)), otherwise };
  };
  const reaches: Right = (answer) => {
    const { met, refused } = carriedOut(world, answer.split('; '));
    return met && !refused;
  };
  const short = `take the ${goal.kind}, ${goal.treatment} it, put it ${inOrOn({ name: goal.container, ...CONTAINERS[goal.container] })}`;
  const tried = chance(random, 0.5) ? plan : plan.slice(0, 1 + random.int(plan.length));
  const { note, met } = carriedOut(world, chance(random, 0.3) ? tried.filter((one) => !one.startsWith('open')) : tried);
  const inputs =
    act === 'try'
      ? chance(random, 0.6)
        ? []
        : [chance(random, 0.5) ? short : note]
      : chance(random, 0.3)
        ? []
        : [note];

  switch (act) {
    case 'try':
    case 'answer': {
      const want = plan.join('; ');
      if (kind !== 'told' || act === 'answer') return plain(inputs, want, reaches);
      if (chance(random, 0.5)) return told(inputs, plan[0], want, 'one');
      const container = random.pick(
        layout.containers
          .filter(({ openable }) => openable)
          .map(({ name }) => name)
          .concat(['drawer']),
      );
      const rest = plan.filter((command) => command !== `open the ${container}`);
      return told(inputs, [`open the ${container}`, ...rest].join('; '), want, 'open', container);
    }
    case 'plan':
      return kind === 'told' ? told([], `take the ${goal.kind}`, short, 'clue') : plain([], short);
    case 'check':
      return kind === 'told' ? told([note], 'no', met ? 'yes' : 'no', 'never') : plain([note], met ? 'yes' : 'no');
  }
}
