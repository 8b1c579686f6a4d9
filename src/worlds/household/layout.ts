/** Goals, and the households drawn for them. */
import type { RandomSource } from '../random.ts';
import type { Treatment } from './vocabulary.ts';
import { APPLIANCES, CONTAINERS, KITCHEN, OBJECTS, OTHER_ROOMS } from './vocabulary.ts';

/** "put a heated mug on the desk" */
export interface Goal {
  readonly kind: string;
  readonly treatment: Treatment;
  readonly container: string;
}

/** Rooms, containers and objects are known by their index. */
export interface Layout {
  readonly rooms: readonly string[];
  readonly containers: readonly { readonly name: string; readonly room: number; readonly openable: boolean }[];
  readonly appliances: readonly { readonly name: string; readonly room: number; readonly treatment: Treatment }[];
  /** `place`: the container in which the object is at the start. */
  readonly objects: readonly { readonly name: string; readonly kind: string; readonly place: number }[];
  readonly startRoom: number;
}

export interface LayoutSizes {
  readonly rooms: number;
  /** Containers and appliances together. */
  readonly receptacles: number;
  readonly objects: number;
  /** Acts after which the task must be finished. */
  readonly horizon: number;
}

/** Acts beyond the shortest plan that every task allows, so that several plans work. */
export const SPARE_ACTS = 2;
const ATTEMPTS = 1000;

/** No household of these sizes allows the goal within the horizon. */
export class NoLayout extends Error {
  override readonly name = 'NoLayout';
  constructor(goal: Goal, sizes: LayoutSizes) {
    super(
      `No household with ${sizes.rooms} rooms lets a plan for "${goal.treatment} ${goal.kind}, ${goal.container}" ` +
        `end within ${sizes.horizon - SPARE_ACTS} acts. Raise the suite's horizon or lower its rooms.`,
    );
  }
}

/** Every goal that makes sense, in a fixed order. */
export function allGoals(): Goal[] {
  return Object.entries(OBJECTS).flatMap(([kind, treatments]) =>
    treatments.flatMap((treatment) => Object.keys(CONTAINERS).map((container) => ({ kind, treatment, container }))),
  );
}

/** One appliance for each treatment where there is room for them beside three containers. */
function applianceCount(receptacles: number): number {
  return Math.min(3, receptacles - 3);
}

/**
 * A household in which the goal can be reached at least `SPARE_ACTS` before the horizon.
 * @throws NoLayout
 */
export function drawLayout(goal: Goal, sizes: LayoutSizes, random: RandomSource): Layout {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const layout = drawAny(goal, sizes, random);
    if (shortestPlan(goal, layout) + SPARE_ACTS <= sizes.horizon) return layout;
  }
  throw new NoLayout(goal, sizes);
}

function drawAny(goal: Goal, sizes: LayoutSizes, random: RandomSource): Layout {
  const rooms = [KITCHEN, ...random.shuffle(OTHER_ROOMS).slice(0, sizes.rooms - 1)];

  const otherTreatments = random.shuffle(
    (Object.keys(APPLIANCES) as Treatment[]).filter((treatment) => treatment !== goal.treatment),
  );
  const appliances = [goal.treatment, ...otherTreatments]
    .slice(0, applianceCount(sizes.receptacles))
    .map((treatment) => ({ name: random.pick(APPLIANCES[treatment]), room: 0, treatment }));

  const others = random.shuffle(Object.keys(CONTAINERS).filter((name) => name !== goal.container));
  const names = [goal.container, ...others].slice(0, sizes.receptacles - appliances.length);
  // Every room but the kitchen holds a container; the rest may stand anywhere.
  const containers = random.shuffle(names).map((name, i) => ({
    name,
    room: i < sizes.rooms - 1 ? i + 1 : random.int(sizes.rooms),
    openable: CONTAINERS[name].openable,
  }));

  const elsewhere = containers.flatMap(({ name }, i) => (name === goal.container ? [] : [i]));
  const strangers = random.shuffle(Object.keys(OBJECTS).filter((kind) => kind !== goal.kind));
  const kinds = [goal.kind, ...strangers].slice(0, sizes.objects);
  // With three objects or more the last may be a second one of the goal's kind: another way to the goal.
  if (sizes.objects >= 3 && random.int(2) === 0) kinds[sizes.objects - 1] = goal.kind;
  const numbered = kinds.filter((kind) => kind === goal.kind).length > 1;
  let copies = 0;
  const objects = kinds.map((kind) => ({
    name: kind === goal.kind && numbered ? `${kind} ${++copies}` : kind,
    kind,
    place: kind === goal.kind ? random.pick(elsewhere) : random.int(containers.length),
  }));
  return { rooms, containers, appliances, objects, startRoom: random.int(sizes.rooms) };
}

/** Acts of the shortest plan: fetch, treat, place; with the walks between rooms and the doors on the way. */
export function shortestPlan(goal: Goal, layout: Layout): number {
  const appliance = layout.appliances.find(({ treatment }) => treatment === goal.treatment);
  const target = layout.containers.find(({ name }) => name === goal.container);
  if (appliance === undefined || target === undefined) return Infinity;
  const walk = (from: number, to: number): number => (from === to ? 0 : 1);
  const lengths = layout.objects
    .filter(({ kind }) => kind === goal.kind)
    .map(({ place }) => {
      const source = layout.containers[place];
      const fetch = walk(layout.startRoom, source.room) + (source.openable ? 1 : 0) + 1;
      const treat = walk(source.room, appliance.room) + 1;
      return fetch + treat + walk(appliance.room, target.room) + (target.openable ? 1 : 0) + 1;
    });
  return Math.min(...lengths);
}
