/**
 * A household task: walk between rooms, open containers, carry one thing at a time, treat what is
 * in hand with an appliance, and say when it is done.
 *
 * The number of steps so far is part of the state (walking there and back would be a cycle) and no
 * part of the outcome: a situation is worth the same however long it took. A step is one act, or a
 * skill: several acts.
 */
import { cappedCredit } from '../../graders/cappedCredit.ts';
import type { Action, Arrival, World } from '../../graph/world.ts';
import type { Goal, Layout } from './layout.ts';
import type { Treatment } from './vocabulary.ts';
import { TREATED } from './vocabulary.ts';

const IN_HAND = -1;

interface Thing {
  /** Index of a container, or IN_HAND. */
  readonly place: number;
  readonly temperature: 'heat' | 'cool' | undefined;
  readonly clean: boolean;
}

interface Situation {
  readonly room: number;
  readonly open: readonly boolean[];
  readonly things: readonly Thing[];
}

export interface HouseholdState {
  /** Steps so far. */
  readonly step: number;
  readonly situation: Situation;
}

/** An act with the condition under which it is legal and what it changes. */
interface Act {
  readonly action: Action;
  legal(situation: Situation): boolean;
  apply(situation: Situation): Situation;
}

/** An act that the situation does not allow. */
export class IllegalAct extends Error {
  override readonly name = 'IllegalAct';
  constructor(action: Action, situation: string) {
    super(`"${action.text}" is not legal when ${situation}`);
  }
}

export const FINISH: Action = { kind: 'accept', text: 'finish, it is done' };

/** @param horizon steps after which only finishing is legal */
export function householdWorld(goal: Goal, layout: Layout, horizon: number): World<HouseholdState> {
  const acts = actsOf(layout);
  const byText = new Map(acts.map((act) => [act.action.text, act]));
  const itemsOf = (situation: Situation): string[] => factsOf(layout, situation);
  const legalIn = (situation: Situation): Action[] =>
    acts.filter((act) => act.legal(situation)).map(({ action }) => action);
  /** @throws IllegalAct */
  const carriedOut = (situation: Situation, action: Action): Situation => {
    const act = byText.get(action.text);
    if (act?.legal(situation) !== true) throw new IllegalAct(action, itemsOf(situation).join(', '));
    return act.apply(situation);
  };

  return {
    initial: () => ({
      step: 0,
      situation: {
        room: layout.startRoom,
        open: layout.containers.map(() => false),
        things: layout.objects.map(({ place }) => ({ place, temperature: undefined, clean: false })),
      },
    }),
    actions: ({ step, situation }) => [...(step < horizon ? legalIn(situation) : []), FINISH],
    step({ step, situation }, action): Arrival<HouseholdState> {
      const items = itemsOf(situation);
      if (action.text === FINISH.text) {
        const met = subGoalsMet(goal, layout, situation);
        const solved = met === 3;
        const text = items.join(', ');
        return { outcome: { key: text, text, items, reward: cappedCredit(solved, met / 3), solved } };
      }
      if (step >= horizon) throw new IllegalAct(action, items.join(', '));
      return { state: { step: step + 1, situation: carriedOut(situation, action) } };
    },
    key: ({ step, situation }) => `${step}: ${itemsOf(situation).join(', ')}`,
    items: ({ situation }) => itemsOf(situation),
    stepOf: ({ step }) => step,
    describe: ({ step, situation }) => `after ${step} ${step === 1 ? 'act' : 'acts'}: ${itemsOf(situation).join(', ')}`,
    composites: {
      acts: ({ situation }) => legalIn(situation),
      act: ({ step, situation }, action) => ({ step, situation: carriedOut(situation, action) }),
      canStep: ({ step }) => step < horizon,
      afterStep: ({ step, situation }) => ({ step: step + 1, situation }),
    },
  };
}

/**
 * How many of the three sub-goals hold for the one thing of the goal's kind that is furthest:
 * it is in hand or already in its place; it is treated; it is in its place.
 */
function subGoalsMet(goal: Goal, layout: Layout, { things }: Situation): number {
  const met = things.map((thing, i) => {
    if (layout.objects[i].kind !== goal.kind) return 0;
    const placed = thing.place !== IN_HAND && layout.containers[thing.place].name === goal.container;
    const found = placed || thing.place === IN_HAND;
    return Number(found) + Number(isTreated(thing, goal.treatment)) + Number(placed);
  });
  return Math.max(...met);
}

function isTreated(thing: Thing, treatment: Treatment): boolean {
  return treatment === 'clean' ? thing.clean : thing.temperature === treatment;
}

/** "on the desk", "in the cabinet" */
export function inOrOn(container: { readonly name: string; readonly openable: boolean }): string {
  return `${container.openable ? 'in' : 'on'} the ${container.name}`;
}

/** The situation as facts. They tell any two situations of a layout apart. */
function factsOf(layout: Layout, { room, open, things }: Situation): string[] {
  const facts = [`you are in the ${layout.rooms[room]}`];
  for (const [i, { name }] of layout.objects.entries()) {
    const { place, temperature, clean } = things[i];
    facts.push(place === IN_HAND ? `${name} is in hand` : `${name} is ${inOrOn(layout.containers[place])}`);
    if (temperature !== undefined) facts.push(`${name} is ${TREATED[temperature]}`);
    if (clean) facts.push(`${name} is ${TREATED.clean}`);
  }
  for (const [i, { name }] of layout.containers.entries()) if (open[i]) facts.push(`${name} is open`);
  return facts;
}

/** Everything that can ever be done in a household, in a fixed order. */
function actsOf(layout: Layout): Act[] {
  const acts: Act[] = [];
  const add = (text: string, legal: Act['legal'], apply: Act['apply']): void => {
    acts.push({ action: { kind: 'act', text }, legal, apply });
  };
  const withThing = (situation: Situation, i: number, change: Partial<Thing>): Situation => ({
    ...situation,
    things: situation.things.map((thing, j) => (i === j ? { ...thing, ...change } : thing)),
  });

  for (const [room, name] of layout.rooms.entries()) {
    const there = [...layout.appliances, ...layout.containers].filter((receptacle) => receptacle.room === room);
    const text = `go to the ${name} with the ${there.map((receptacle) => receptacle.name).join(', ')}`;
    add(
      text,
      (situation) => situation.room !== room,
      (situation) => ({ ...situation, room }),
    );
  }
  for (const [c, container] of layout.containers.entries()) {
    const reachable = ({ room, open }: Situation): boolean =>
      room === container.room && (open[c] || !container.openable);
    if (container.openable) {
      add(
        `open the ${container.name}`,
        ({ room, open }) => room === container.room && !open[c],
        (situation) => ({ ...situation, open: situation.open.map((was, i) => was || i === c) }),
      );
    }
    for (const [i, { name }] of layout.objects.entries()) {
      add(
        `take ${name} from the ${container.name}`,
        (situation) =>
          reachable(situation) &&
          situation.things[i].place === c &&
          situation.things.every(({ place }) => place !== IN_HAND),
        (situation) => withThing(situation, i, { place: IN_HAND }),
      );
      add(
        `put ${name} ${inOrOn(container)}`,
        (situation) => reachable(situation) && situation.things[i].place === IN_HAND,
        (situation) => withThing(situation, i, { place: c }),
      );
    }
  }
  for (const { name: appliance, room, treatment } of layout.appliances) {
    for (const [i, { name }] of layout.objects.entries()) {
      add(
        `${treatment} ${name} with the ${appliance}`,
        (situation) =>
          situation.room === room &&
          situation.things[i].place === IN_HAND &&
          !isTreated(situation.things[i], treatment),
        (situation) => withThing(situation, i, treatment === 'clean' ? { clean: true } : { temperature: treatment }),
      );
    }
  }
  return acts;
}
