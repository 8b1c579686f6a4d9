import { describe, expect, it } from 'vitest';
import { evolutionSchema } from '../../evolution/settings.ts';
import { evaluation, metrics } from '../fakeSession.fixture.ts';
import { attainableWords, gateWords, refusalOf, titleOf } from './eventWords.ts';
import { EVOLVED } from './evolvingRun.fixture.ts';
import { lineageOf } from './lineage.ts';
import { libraryWords, lineageWords, waitingWords } from './words.ts';

const settings = evolutionSchema.parse({});
const of = (kind: string) => EVOLVED.events.find((one) => one.kind === kind) ?? expect.fail(`no ${kind}`);
const [create, reject] = [of('create'), of('reject')];

describe('what a run waits for', () => {
  const steps = (losses: readonly number[]) => losses.map((loss, i) => metrics(i + 1, loss));
  const windows = (...means: readonly number[]) => steps(means.flatMap((mean) => Array<number>(10).fill(mean)));
  const train = [evaluation(0, { split: 'train', attainable: 0.4 })];

  it('is a plateau and headroom, each with its figures', () => {
    const { plateau, headroom } = waitingWords(windows(4, 2, 1.5), train, settings, []);
    expect(plateau).toBe(
      'Plateau not reached: over the last windows of 10 steps the loss fell by 50%, then fell by 25%; a fall below 5% in 2 windows running is a plateau.',
    );
    expect(headroom).toBe(
      'Headroom there: 60% of the training tasks cannot be solved with the present library; more than 5% is asked for.',
    );
  });

  it('counts windows from the last phase on', () => {
    const { plateau } = waitingWords(windows(4, 2, 1.5), train, settings, [{ ...reject, step: 20 }]);
    expect(plateau).toMatch(/^Plateau: one window is complete, with a mean loss of 1.5/);
  });

  it('is told of the present library where it changed since the last evaluation', () => {
    const removed = { ...create, step: 25, by: 'person', removed: create.added, added: [] } as const;
    const attainable = { before: 0.9, after: 0.7 };
    const { plateau, headroom } = waitingWords(windows(4, 2, 1.5), train, settings, [{ ...removed, attainable }]);
    expect(plateau).toMatch(/^Plateau: one window is complete/);
    expect(headroom).toMatch(/^Headroom there: 30%/);
    expect(waitingWords([], train, settings, [{ ...reject, attainable }]).headroom).toMatch(/^Headroom there: 10%/);
  });

  it('says where nothing was measured yet, and where there is no more to be had', () => {
    expect(waitingWords([], [], settings, [])).toEqual({
      plateau:
        'Plateau: no window of 10 steps is complete yet; a fall of the loss below 5% in 2 windows running is a plateau.',
      headroom: 'Headroom: not measured yet.',
    });
    const all = [evaluation(0, { split: 'train', attainable: 1 })];
    expect(waitingWords(windows(1, 1.2), all, settings, [])).toMatchObject({
      plateau: expect.stringContaining('the loss rose by 20%'),
      headroom: expect.stringMatching(/^Headroom too small: 0%/),
    });
  });

  it('says of a live run that what was not asked yet may be solved', () => {
    const early = [evaluation(0, { split: 'train', attainable: 1, unexplored: 0.4 })];
    expect(waitingWords([], early, settings, []).headroom).toMatch(
      / 40% of the walks over them lead to what was not asked yet, and may solve them\.$/,
    );
  });

  it('is a number of steps on a schedule, and nothing where nobody decides', () => {
    const scheduled = evolutionSchema.parse({ control: 'schedule', when: { every: 60 } });
    expect(waitingWords([], [], scheduled, []).plateau).toContain('every 60 steps');
    expect(waitingWords([], [], evolutionSchema.parse({ control: 'none' }), []).plateau).toContain('never changes');
  });
});

it('the library in a sentence: how much it is used and what it makes possible', () => {
  const { evaluations, events, library } = EVOLVED;
  const lineage = lineageOf(evaluations, events, 'household');
  expect(libraryWords(library, lineage)).toBe(
    '3 skills, invoked in 11% of all steps of the last phase. With them 67% of the held-out tasks can be solved, up from 34% at the start; the policy solves 30%.',
  );
  const step = evaluations.at(-1)?.step ?? 0;
  const pin = { ...create, step, removed: library, added: library.map((skill) => ({ ...skill, pinned: true })) };
  expect(libraryWords(library, lineageOf(evaluations, [...events, pin], 'household'))).toMatch(
    /the policy solves 30%\.$/,
  );
  const emptied = { ...create, step, removed: library, added: [], attainable: { before: 0.6, after: 0.36 } };
  expect(libraryWords([], lineageOf(evaluations, [...events, emptied], 'household'))).toBe(
    'The library is empty. With it 36% of the training tasks can be solved; the policy has not been measured with it yet.',
  );
  expect(libraryWords([], lineageOf([], [], ''))).toBe('The library is empty.');
  expect(lineageWords(events)).toBe('66 proposals in 17 phases: 7 adopted, 59 turned down.');
});

describe('an event', () => {
  it('is told by what was done to which skill', () => {
    expect(titleOf(create)).toBe('Created: clean-open-put');
    expect(titleOf(reject)).toBe('Turned down: to create take-clean');
    expect(attainableWords(create)).toMatch(/went from 36% to 47%\.$/);
  });

  it('has the verdict of its gate in words', () => {
    const gate = { before: 0.5, after: 0.6, gain: 0.1, standardError: 0.02, pairs: 64, threshold: 0.05 };
    expect(gateWords({ ...gate, verdict: 'gains' }, 'create')).toBe(
      'Mean reward on validation tasks changed by +0.100 ± 0.020, more than the 0.050 asked for: it gains.',
    );
    expect(gateWords({ ...gate, verdict: 'gains' }, 'reject')).toContain('another proposal of the phase gained more');
    expect(gateWords({ ...gate, gain: -0.1, verdict: 'loses' }, 'reject')).toContain('a fall of more than 0.050');
    expect(gateWords({ ...gate, gain: 0.01, verdict: 'changes nothing' }, 'reject')).toContain('count as nothing');
  });

  it('that was turned down says why', () => {
    const removal = { ...reject, proposed: 'prune' as const, attainable: { before: 0.6, after: 0.4 } };
    expect(refusalOf({ ...removal, gate: null })).toBe('it alone solves some tasks');
    expect(refusalOf({ ...reject, gate: null })).toBe('it was not tried');
    expect(new Set(EVOLVED.events.filter(({ kind }) => kind === 'reject').map(refusalOf))).toEqual(
      new Set([
        'it changes too little',
        'reward falls with it',
        'reward falls without it',
        'it alone solves some tasks',
        'another gained more',
      ]),
    );
  });
});
