import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Call, Results } from '../../graph/call.ts';
import { inDegree, unexplored } from '../../graph/taskGraph.ts';
import type { Composite } from '../../graph/world.ts';
import { LIVE_ACTS } from './acts.ts';
import type { LiveTask, NotesState } from './notesWorld.ts';
import { IllegalAct, notesWorld } from './notesWorld.ts';

/** Answers that tell what was asked, so that no two calls are answered alike. */
const echo = ({ act, inputs, skill }: Call): string =>
  `${act}${skill === null ? '' : `/${skill.name}.${skill.version}`}[${inputs.join(',')}]`;

const everything: Results = { get: echo };
const nothing: Results = { get: () => undefined };

function counting(answer: (call: Call) => string = echo): {
  readonly results: Results;
  readonly calls: Map<string, number>;
} {
  const calls = new Map<string, number>();
  const held = new Map<string, string>();
  const results: Results = {
    get(call) {
      const name = JSON.stringify(call);
      const known = held.get(name);
      if (known !== undefined) return known;
      calls.set(name, (calls.get(name) ?? 0) + 1);
      held.set(name, answer(call));
      return held.get(name);
    },
  };
  return { results, calls };
}

const task: LiveTask = {
  prompt: 'What is asked?',
  acts: ['plan', 'recall', 'search', 'check'],
  steps: 3,
  noted: (_, answer) => answer,
  graded: (answer) => ({ text: answer, reward: answer.includes('search') ? 1 : 0, solved: answer.includes('search') }),
};

const skill = (name: string, plan: readonly string[], slot = 0): Composite => ({
  slot,
  name,
  plan,
  allows: [],
  document: { version: 2, text: `the text of ${name}` },
});

function take(world: ReturnType<typeof notesWorld>, ...texts: string[]): NotesState {
  return texts.reduce((state, text) => {
    const arrival = world.step(state, { kind: 'act', text });
    if (!('state' in arrival)) throw new Error(`"${text}" led to no state`);
    return arrival.state;
  }, world.initial());
}

describe('a live task', () => {
  test('offers each act with the task alone or with one note that it may be given, and answering', () => {
    const world = notesWorld(task, everything);
    const texts = (state: NotesState) => world.actions(state).map(({ text }) => text);
    expect(texts(world.initial())).toEqual(['plan', 'recall', 'search', 'answer']);
    expect(texts(take(world, 'search'))).toEqual([
      'plan',
      'recall',
      'search from search[]',
      'check from search[]',
      'answer',
      'answer from search[]',
    ]);
    // A plan is no source of an answer, and a check is given to nothing.
    expect(texts(take(world, 'plan', 'search', 'check from search[]'))).toEqual(['answer', 'answer from search[]']);
  });

  test('asks for the task, the skill and the declared input, and for nothing else of the history', () => {
    const world = notesWorld(task, {
      get: (call) => (call.act === 'search' && call.inputs.length === 1 ? undefined : echo(call)),
    });
    const state = take(world, 'plan', 'search');
    expect(world.step(state, { kind: 'act', text: 'search from search[]' })).toEqual({
      unknown: { act: 'search', task: 'What is asked?', inputs: ['search[]'], skill: null },
    });
  });

  test('has one outcome for one answer from one note, whatever else was noted and however many steps it took', () => {
    const world = notesWorld(task, everything);
    const outcome = (...texts: string[]) => {
      const arrival = world.step(take(world, ...texts), { kind: 'accept', text: 'answer from search[]' });
      return 'outcome' in arrival ? arrival.outcome : null;
    };
    expect(outcome('search')).toEqual({
      key: 'answer(search())',
      text: 'answer[search[]]',
      items: ['answered: answer[search[]]', 'search[]'],
      reward: 1,
      solved: true,
    });
    expect(outcome('plan', 'search')).toEqual(outcome('search'));
  });

  test('refuses what the notes do not allow, and says what there is', () => {
    const world = notesWorld(task, everything);
    expect(() => take(world, 'check from plan[]')).toThrow(IllegalAct);
    expect(() => take(world, 'plan', 'plan')).toThrow('"plan" is not legal when after 1 step: plan: plan[]');
  });

  test('knows a note by what was done and not by what it says', () => {
    const same = notesWorld(task, { get: () => 'the same' });
    const searched = take(same, 'search');
    const recalled = take(same, 'recall');
    expect(same.key(searched)).not.toBe(same.key(recalled));
    expect(take(same, 'search', 'recall').notes.map(({ id }) => id)).toEqual(['recall()', 'search()']);
    // Two notes that say the same read as one choice.
    expect(same.actions(take(same, 'search', 'recall')).map(({ text }) => text)).toEqual([
      'plan',
      'search from the same',
      'check from the same',
      'answer',
      'answer from the same',
    ]);
  });
});

describe('the graph of a live task', () => {
  test('is one unknown edge for each legal act before anything was asked', () => {
    const graph = buildGraph('live', 'q', notesWorld(task, nothing));
    expect([graph.states, graph.outcomes, graph.edges]).toEqual([1, 1, 4]);
    expect([...graph.pending.values()].map(({ act }) => act)).toEqual(['plan', 'recall', 'search', 'answer']);
    expect(unexplored(graph)).toBe(0);
    expect(graph.reward[0]).toBe(0);
    // Features of a state do not change as more becomes known.
    expect(graph.horizon).toBe(4);
  });

  test('keeps the order of the edges that leave a state while it grows', () => {
    const some = buildGraph(
      'live',
      'q',
      notesWorld(task, { get: (call) => (call.act === 'plan' ? undefined : echo(call)) }),
    );
    const all = buildGraph('live', 'q', notesWorld(task, everything));
    const choices = (graph: typeof all, state: number) =>
      [...graph.action.subarray(graph.outStart[state], graph.outStart[state + 1])].map((a) => graph.actionText[a]);
    for (let s = 0; s < some.states; s++) {
      const twin = all.nodeText.indexOf(some.nodeText[s]);
      expect(choices(some, s)).toEqual(choices(all, twin));
    }
    expect(unexplored(all)).toBeNull();
    expect(some.pending.size).toBeGreaterThan(0);
  });

  test('has all known ways into a state as its entering edges, also where nobody walked them', () => {
    const graph = buildGraph('live', 'q', notesWorld(task, everything));
    const both = graph.nodeText.indexOf('after 2 steps: plan: plan[]; recall: recall[]');
    expect(inDegree(graph, both)).toBe(2);
  });
});

describe('order', () => {
  test('does not matter: every order of independent steps reaches one state, with one call for each distinct step', () => {
    const acts = fc.subarray([...LIVE_ACTS], { minLength: 2 });
    fc.assert(
      fc.property(
        acts,
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (offered, picks, dice) => {
          const { results, calls } = counting();
          const world = notesWorld({ ...task, acts: offered, steps: 6 }, results);
          // A walk, and the same steps in any other order that respects which note each was given.
          const taken: string[] = [];
          let state = world.initial();
          for (const pick of picks) {
            const legal = world.actions(state).filter(({ kind }) => kind === 'act');
            if (legal.length === 0) break;
            const { text } = legal[pick % legal.length];
            state = take(world, ...taken, text);
            taken.push(text);
          }
          const asked = new Map(calls);
          const left = [...taken];
          let other = world.initial();
          while (left.length > 0) {
            const possible = left.filter((text) => world.actions(other).some((action) => action.text === text));
            expect(possible.length).toBeGreaterThan(0);
            const text = possible[dice.next().value % possible.length];
            const arrival = world.step(other, { kind: 'act', text });
            if (!('state' in arrival)) throw new Error('the way was lost');
            other = arrival.state;
            left.splice(left.indexOf(text), 1);
          }
          expect(world.key(other)).toBe(world.key(state));
          expect(other).toEqual(state);
          expect(calls).toEqual(asked);
          expect(calls.size).toBe(taken.length);
          expect(new Set(calls.values())).toEqual(taken.length === 0 ? new Set() : new Set([1]));
        },
      ),
    );
  });
});

describe('a skill', () => {
  test('is one step: the acts of its plan, each given the result of the one before, with its text in every call', () => {
    const { results, calls } = counting();
    const world = notesWorld(task, results, [skill('look-twice', ['search', 'search-from note'])]);
    const action = world.actions(world.initial()).find(({ kind }) => kind === 'skill');
    expect(action).toEqual({
      kind: 'skill',
      slot: 0,
      text: 'look-twice: search, then search',
      plan: 'look-twice: search, then search-from note',
    });
    if (!action) throw new Error('no skill is offered');
    const arrival = world.step(world.initial(), action);
    expect(arrival).toMatchObject({
      state: {
        step: 1,
        notes: [
          { id: 'search@look-twice.2()', text: 'search/look-twice.2[]' },
          { id: 'search@look-twice.2(search@look-twice.2())' },
        ],
      },
    });
    expect([...calls.keys()].map((call) => JSON.parse(call).skill.text)).toEqual([
      'the text of look-twice',
      'the text of look-twice',
    ]);
  });

  test('whose first act reads a note is offered for each note that it may be given', () => {
    const world = notesWorld(task, everything, [skill('follow-up', ['search-from note', 'check-from note'])]);
    const offered = (state: NotesState) =>
      world.actions(state).flatMap(({ kind, text }) => (kind === 'skill' ? [text] : []));
    expect(offered(world.initial())).toEqual([]);
    expect(offered(take(world, 'search', 'plan'))).toEqual([
      'follow-up: search from plan[], then check',
      'follow-up: search from search[], then check',
    ]);
  });

  test('is not offered where its plan cannot be carried out, where it allows nothing here, or where it would change nothing', () => {
    const offered = (one: Composite, ...texts: string[]) => {
      const world = notesWorld(task, everything, [one]);
      return world.actions(take(world, ...texts)).filter(({ kind }) => kind === 'skill').length;
    };
    expect(offered(skill('a', ['calculate']))).toBe(0);
    expect(offered(skill('b', ['plan', 'check-from note']))).toBe(0);
    expect(offered(skill('c', ['take {a} from the {b}']))).toBe(0);
    expect(offered({ ...skill('d', ['plan']), allows: ['check-from'] })).toBe(0);
    expect(offered({ ...skill('d', ['plan']), allows: ['check-from'] }, 'search')).toBe(1);
    expect(offered(skill('e', ['plan']))).toBe(1);
    expect(offered(skill('e', ['plan']), 'search', 'plan', 'recall')).toBe(0);
  });

  test('is unknown until the last of its calls is known, one call at a time', () => {
    const one = skill('look-twice', ['search', 'search-from note']);
    const held = new Set<number>();
    const world = notesWorld(task, { get: (call) => (held.has(call.inputs.length) ? echo(call) : undefined) }, [one]);
    const action = { kind: 'skill', slot: 0, text: 'look-twice: search, then search' } as const;
    expect(world.step(world.initial(), action)).toMatchObject({ unknown: { inputs: [] } });
    held.add(0);
    expect(world.step(world.initial(), action)).toMatchObject({ unknown: { inputs: ['search/look-twice.2[]'] } });
    held.add(1);
    expect(world.step(world.initial(), action)).toMatchObject({ state: { step: 1 } });
  });
});
