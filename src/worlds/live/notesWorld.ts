/**
 * A task that a language model works on, act by act. A state is a SET of notes; a note is the result of one act and is
 * known by what was done to get it (the act, the note it was given, the skill in whose name), never by what it says. So
 * independent acts commute, an act is done once, and where two orders of acts lead to the same notes they lead to one
 * state. What was not carried out yet is unknown, and the world says which call would tell.
 *
 * A step is one act, or a skill: the acts of its plan one after the other, each given the result of the one before,
 * with the skill's text in every prompt. The number of steps is part of the state and no part of the outcome.
 */
import type { Call, Results } from '../../graph/call.ts';
import type { Action, Arrival, Composite, Outcome, World } from '../../graph/world.ts';
import { cutText } from '../../skills/cutText.ts';
import { kindOfAct } from '../../skills/plan.ts';
import type { LiveAct } from './acts.ts';
import { ACT_RULES, actOfTemplate, planTextOf } from './acts.ts';

export interface Note {
  /** What was done: `search(plan())`, `search@name.2()` for version 2 of a skill. */
  readonly id: string;
  readonly act: LiveAct;
  /** What came of it, as later acts are given it. */
  readonly text: string;
}

export interface NotesState {
  /** Steps so far. */
  readonly step: number;
  /** In the order of their ids. */
  readonly notes: readonly Note[];
}

/** What a suite says of one live task. */
export interface LiveTask {
  /** The task as the executor reads it. */
  readonly prompt: string;
  /** Acts that it offers beside answering. */
  readonly acts: readonly LiveAct[];
  /** Steps after which only answering is legal. */
  readonly steps: number;
  /** The tool that an act's answer goes through before it is noted, e.g. `evaluate` for an expression; none if left out. */
  readonly tools?: Partial<Readonly<Record<LiveAct, string>>>;
  /** What an act's answer amounts to, e.g. the passages that a query finds. It depends on nothing else. */
  noted(act: LiveAct, answer: string, input: Note | null): string;
  /** The reward of an answer, by the suite's own verifier. */
  graded(
    answer: string,
    input: Note | null,
  ): { readonly text: string; readonly reward: number; readonly solved: boolean };
}

/** An action that the notes do not allow. */
export class IllegalAct extends Error {
  override readonly name = 'IllegalAct';
  constructor(action: Action, notes: string) {
    super(`"${action.text}" is not legal when ${notes}`);
  }
}

interface PlannedAct {
  readonly act: LiveAct;
  /** Whether it reads a note: the first of a plan any that it may be given, a later one the result before it. */
  readonly reads: boolean;
}

interface Doing {
  readonly act: LiveAct | 'answer';
  readonly input: Note | null;
}

/** What a choice stands for: one act, or the acts of a skill after a first one. */
type Move =
  | { readonly kind: 'act'; readonly first: Doing }
  | { readonly kind: 'answer'; readonly first: Doing }
  | { readonly kind: 'skill'; readonly first: Doing; readonly skill: Composite; readonly rest: readonly PlannedAct[] };

const NOTHING = 'nothing';
/** Characters of a note that the Supervisor and a person read; a later act is given all of it. */
const MOST_SHOWN = 240;

/**
 * The world of one task.
 * @param results what the executor has answered so far
 */
export function notesWorld(task: LiveTask, results: Results, skills: readonly Composite[] = []): World<NotesState> {
  const plans = skills.flatMap((skill) => {
    const acts = readable(skill, task.acts);
    return acts === null ? [] : [{ skill, acts }];
  });

  const legalActs = (state: NotesState): Doing[] =>
    task.acts.flatMap((act) => inputsOf(act, state).map((input) => ({ act, input })));

  const movesAt = (state: NotesState): ReadonlyMap<string, Move> => {
    const moves = new Map<string, Move>();
    // Two notes that say the same read alike: the first stands for both.
    const add = (text: string, move: Move): void => {
      if (!moves.has(text)) moves.set(text, move);
    };
    if (state.step < task.steps) {
      const fresh = legalActs(state).filter(({ act, input }) => !holds(state, idOf(act, input, null)));
      for (const first of fresh) add(textOf(first), { kind: 'act', first });
      const kinds = new Set(fresh.map(({ act, input }) => kindOfAct(planTextOf(act, input !== null))));
      for (const { skill, acts } of plans) {
        if (!skill.allows.every((kind) => kinds.has(kind))) continue;
        const [{ act, reads }, ...rest] = acts;
        for (const input of inputsOf(act, state).filter((one) => (one !== null) === reads)) {
          if (chainOf({ act, input }, rest, skill).every((id) => holds(state, id))) continue;
          add(`${skill.name}: ${textOf({ act, input })}${rest.map((next) => `, then ${next.act}`).join('')}`, {
            kind: 'skill',
            first: { act, input },
            skill,
            rest,
          });
        }
      }
    }
    for (const input of inputsOf('answer', state)) {
      const first: Doing = { act: 'answer', input };
      add(textOf(first), { kind: 'answer', first });
    }
    return moves;
  };
  // One state is asked many times in a row.
  let last: { readonly state: NotesState; readonly moves: ReadonlyMap<string, Move> } | null = null;
  const moves = (state: NotesState): ReadonlyMap<string, Move> => {
    if (last?.state !== state) last = { state, moves: movesAt(state) };
    return last.moves;
  };

  const callOf = ({ act, input }: Doing, skill: Composite | null): Call => ({
    act,
    task: task.prompt,
    inputs: input === null ? [] : [input.text],
    skill:
      skill === null
        ? null
        : { name: skill.name, version: skill.document?.version ?? 1, text: skill.document?.text ?? skill.name },
  });
  /** The note of an act, or the call that would tell. */
  const noteOf = (doing: Doing & { readonly act: LiveAct }, skill: Composite | null): Note | Call => {
    const call = callOf(doing, skill);
    const answer = results.get(call);
    if (answer === undefined) return call;
    const { act, input } = doing;
    const tool = task.tools?.[act];
    if (tool !== undefined) {
      const use: Call = { act: tool, task: '', inputs: [answer], skill: null };
      const used = results.get(use);
      return used === undefined ? use : { id: idOf(act, input, skill), act, text: used.trim() || NOTHING };
    }
    return { id: idOf(act, input, skill), act, text: task.noted(act, answer, input).trim() || NOTHING };
  };

  return {
    horizon: task.steps + 1,
    initial: () => ({ step: 0, notes: [] }),
    actions: (state) =>
      [...moves(state)].map(([text, move]): Action => {
        const { act, input } = move.first;
        const first = planTextOf(act, input !== null);
        if (move.kind === 'skill') {
          const plan = [first, ...move.rest.map((next) => planTextOf(next.act, next.reads))].join(', then ');
          return { kind: 'skill', text, plan: `${move.skill.name}: ${plan}`, slot: move.skill.slot };
        }
        return { kind: move.kind === 'answer' ? 'accept' : 'act', text, plan: first };
      }),
    step(state, action): Arrival<NotesState> {
      const move = moves(state).get(action.text);
      if (!move) throw new IllegalAct(action, describe(state));
      const { act, input } = move.first;
      if (act === 'answer') {
        const call = callOf(move.first, null);
        const answer = results.get(call);
        if (answer === undefined) return { unknown: call };
        return { outcome: outcomeOf(task, answer, input) };
      }
      const skill = move.kind === 'skill' ? move.skill : null;
      let notes = state.notes;
      let given = input;
      for (const next of [{ act, reads: true }, ...(move.kind === 'skill' ? move.rest : [])]) {
        const note = noteOf({ act: next.act, input: next.reads ? given : null }, skill);
        if (!('id' in note)) return { unknown: note };
        if (!notes.some(({ id }) => id === note.id)) notes = [...notes, note].sort(byId);
        given = note;
      }
      return { state: { step: state.step + 1, notes } };
    },
    key: ({ step, notes }) => `${step}: ${notes.map(({ id }) => id).join(' ')}`,
    items: ({ notes }) => [...new Set(notes.map(itemOf))],
    stepOf: ({ step }) => step,
    describe,
  };
}

/** The inputs with which an act can be done: null for the task alone. */
function inputsOf(act: LiveAct | 'answer', { notes }: NotesState): (Note | null)[] {
  const { alone, from } = ACT_RULES[act];
  return [...(alone ? [null] : []), ...notes.filter((note) => from.includes(note.act))];
}

/** The acts of a plan; null where it cannot be carried out. */
function readable({ plan }: Composite, offered: readonly LiveAct[]): readonly PlannedAct[] | null {
  const acts: PlannedAct[] = [];
  for (const template of plan) {
    const parsed = actOfTemplate(template);
    if (parsed === null || !offered.includes(parsed.act)) return null;
    const { alone, from } = ACT_RULES[parsed.act];
    const before = acts.at(-1);
    const isGiven = before === undefined ? from.length > 0 : from.includes(before.act);
    if (parsed.reads ? !isGiven : !alone) return null;
    acts.push(parsed);
  }
  return acts.length === 0 ? null : acts;
}

function idOf(act: LiveAct | 'answer', input: Note | null, skill: Composite | null): string {
  const name = skill === null ? '' : `@${skill.name}.${skill.document?.version ?? 1}`;
  return `${act}${name}(${input?.id ?? ''})`;
}

/** The ids of the notes that a skill comes to. */
function chainOf({ act, input }: Doing, rest: readonly PlannedAct[], skill: Composite): string[] {
  const ids = [idOf(act, input, skill)];
  const name = `@${skill.name}.${skill.document?.version ?? 1}`;
  for (const next of rest) ids.push(`${next.act}${name}(${next.reads ? ids[ids.length - 1] : ''})`);
  return ids;
}

function holds({ notes }: NotesState, id: string): boolean {
  return notes.some((note) => note.id === id);
}

function byId(a: Note, b: Note): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function textOf({ act, input }: Doing): string {
  return input === null ? act : `${act} from ${oneLine(input.text)}`;
}

/** A search that found something says it; what other acts say is told apart by the act. */
function itemOf({ act, text }: Note): string {
  return act === 'search' ? oneLine(text) : `${act}: ${oneLine(text)}`;
}

function describe({ step, notes }: NotesState): string {
  const steps = `after ${step} ${step === 1 ? 'step' : 'steps'}`;
  return notes.length === 0 ? `${steps}: no notes` : `${steps}: ${notes.map(itemOf).join('; ')}`;
}

function oneLine(text: string): string {
  return cutText(text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim(), MOST_SHOWN) || NOTHING;
}

/** The answer and what it was given tell the outcome; which other notes there were does not. */
function outcomeOf(task: LiveTask, answer: string, input: Note | null): Outcome {
  const { text, reward, solved } = task.graded(answer, input);
  const items = [`answered: ${oneLine(text)}`, ...(input === null ? [] : [itemOf(input)])];
  return { key: idOf('answer', input, null), text: oneLine(text), items: [...new Set(items)], reward, solved };
}
