import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import published from 'world-countries';
import { exactMatch, tokenF1 } from '../../graders/squad.ts';
import type { World } from '../../graph/world.ts';
import { attainable, describeSuite, skillsOf } from '../suiteContract.fixture.ts';
import { COUNTRIES, FACTS, factsOf, RELATIONS } from './facts.ts';
import { twoHopQa } from './index.ts';
import type { Question } from './questions.ts';
import { questionsAbout } from './questions.ts';
import { search } from './search.ts';
import type { Memory, QaState } from './world.ts';
import { IllegalAction, qaWorld } from './world.ts';

describeSuite(twoHopQa, 16, 3000);

const everywhere = new Set(COUNTRIES.map((country) => country.name));
const texts = (facts: readonly number[]) => facts.map((fact) => FACTS[fact].text);

function countryNamed(name: string) {
  const country = COUNTRIES.find((candidate) => candidate.name === name);
  if (country === undefined) throw new Error(`no country ${name}`);
  return country;
}

describe('the facts', () => {
  test('are those of the world-countries package, for every independent country', () => {
    const independent = published.filter((country) => country.independent === true);
    expect(COUNTRIES.length).toBe(independent.length);
    for (const country of independent) {
      const ours = countryNamed(country.name.common);
      expect(ours.capital).toEqual(country.capital);
      expect(ours.currency).toEqual(Object.values(country.currencies).map((currency) => currency.name));
      expect(ours.language).toEqual(Object.values(country.languages));
      expect(ours.subregion).toEqual([country.subregion]);
      expect(ours.demonym).toEqual([country.demonyms.eng?.m]);
      const neighbours = independent.filter((other) => country.borders.includes(other.cca3));
      expect([...ours.border].sort()).toEqual(neighbours.map((other) => other.name.common).sort());
    }
  });

  test('are one passage for each relation of a country that has a value', () => {
    expect(texts([...(factsOf('Peru')?.values() ?? [])])).toEqual([
      'capital of Peru: Lima',
      'currency of Peru: Peruvian sol',
      'language of Peru: Aymara, Quechua, Spanish',
      'subregion of Peru: South America',
      'demonym of Peru: Peruvian',
      'border of Peru: Bolivia, Brazil, Chile, Colombia, Ecuador',
    ]);
    expect(factsOf('Cuba')?.has('border')).toBe(false);
    expect(factsOf('Atlantis')).toBeUndefined();
  });
});

describe('search', () => {
  test('puts the passage with the rare word first and fills up with passages that share the common one', () => {
    const [first, ...others] = search('capital Lima', 4, everywhere);
    expect(FACTS[first].text).toBe('capital of Peru: Lima');
    expect(others.length).toBe(3);
    for (const fact of others) expect(FACTS[fact].text).toContain('capital');
  });

  test('confuses countries whose names share a word', () => {
    const found = new Set(search('Guinea', 12, everywhere).map((fact) => FACTS[fact].country));
    expect([...found]).toEqual(expect.arrayContaining(['Guinea', 'Guinea-Bissau', 'Equatorial Guinea']));
  });

  test('finds nothing about countries that are not in the library', () => {
    expect(search('capital Lima', 5, new Set(['Chile'])).map((fact) => FACTS[fact].country)).toEqual(['Chile']);
    expect(search('xyzzy', 5, everywhere)).toEqual([]);
  });
});

describe('the questions', () => {
  const all = COUNTRIES.flatMap(questionsAbout);

  test('give clues that fit one country only', () => {
    for (const { bridge, clue, anchors } of all) {
      const fitting = COUNTRIES.filter((country) => anchors.every((anchor) => country[clue].includes(anchor)));
      expect(fitting.map((country) => country.name)).toEqual([bridge]);
    }
  });

  test('ask for another relation than the clue gives, never for what the clue says, and are all different', () => {
    for (const { anchors, clue, asked, answers, bridge } of all) {
      expect(asked).not.toBe(clue);
      expect(answers).toEqual(countryNamed(bridge)[asked]);
      expect(anchors.some((anchor) => exactMatch(anchor, answers))).toBe(false);
    }
    expect(new Set(all.map((question) => question.text)).size).toBe(all.length);
  });

  test('are about every country and cover every pair of relations but a clue by subregion', () => {
    expect(new Set(all.map((question) => question.bridge)).size).toBe(COUNTRIES.length);
    const pairs = new Set(all.map(({ clue, asked }) => `${clue} ${asked}`));
    expect(pairs.size).toBe((RELATIONS.length - 1) * (RELATIONS.length - 1));
  });
});

const currencyOfPeru: Question = {
  text: 'What is the currency of the country whose capital is Lima?',
  bridge: 'Peru',
  clue: 'capital',
  anchors: ['Lima'],
  asked: 'currency',
  answers: ['Peruvian sol'],
};

/** As after one act a fact. */
const holding = (memory: Memory): QaState => ({ step: memory.length, memory });

function stateAfter(world: World<QaState>, ...actions: string[]): QaState {
  return actions.reduce((state, text) => {
    const action = world.actions(state).find((candidate) => candidate.text === text);
    if (action === undefined) throw new Error(`"${text}" is not offered with ${world.describe(state)}`);
    const arrival = world.step(state, action);
    if (!('state' in arrival)) throw new Error(`"${text}" ended the task`);
    return arrival.state;
  }, world.initial());
}

describe('working memory', () => {
  const world = qaWorld(currencyOfPeru, everywhere, { evidence: 3, hits: 2 });
  const offered = (...actions: string[]) => world.actions(stateAfter(world, ...actions)).map((action) => action.text);

  test('starts empty, with searches made of the question only', () => {
    expect(offered()).toEqual(['search Lima', 'search capital Lima', 'search currency Lima', 'search currency']);
  });

  test('is one state whatever the order in which its facts were found', () => {
    const one = stateAfter(world, 'search Lima', 'follow demonym of Peru', 'follow currency of Peru');
    const other = stateAfter(world, 'search Lima', 'follow currency of Peru', 'follow demonym of Peru');
    expect(world.key(one)).toBe(world.key(other));
  });

  test('gets one fact by search or by relation, whichever was used', () => {
    const bySearch = stateAfter(world, 'search Lima', 'search Peru');
    const found = texts(bySearch.memory).filter((text) => text !== 'capital of Peru: Lima');
    expect(found.length).toBe(1);
    const relation = found[0].split(' ')[0];
    expect(world.key(stateAfter(world, 'search Lima', `follow ${relation} of Peru`))).toBe(world.key(bySearch));
  });

  test('fetches a result once: a search goes on to its next passage, and a relation that is known is not offered', () => {
    expect(offered('search Lima')).not.toContain('follow capital of Peru');
    const [best, next] = search('capital Lima', 2, everywhere);
    expect(stateAfter(world, 'search capital Lima', 'search capital Lima').memory).toEqual(
      [best, next].sort((a, b) => a - b),
    );
    expect(offered('search capital Lima', 'search capital Lima')).not.toContain('search capital Lima');
  });

  test('offers nothing but answers when it is full', () => {
    const full = offered('search Lima', 'follow currency of Peru', 'follow demonym of Peru');
    expect(full).toEqual([
      'answer Peru',
      'answer Lima, capital of Peru',
      'answer Peruvian sol, currency of Peru',
      'answer Peruvian, demonym of Peru',
    ]);
  });

  test('lets a neighbour be followed once two facts name it, or one that names no other', () => {
    const question: Question = { ...currencyOfPeru, clue: 'border', anchors: ['Portugal', 'France'], bridge: 'Spain' };
    const iberia = qaWorld(question, everywhere, { evidence: 3, hits: 10 });
    const canFollow = (country: string, memory: Memory) =>
      iberia.actions(holding(memory)).some((action) => action.text.endsWith(`of ${country}`));
    const bordersOf = (...names: string[]): Memory =>
      names.map((name) => factsOf(name)?.get('border') ?? -1).sort((a, b) => a - b);
    expect(canFollow('Spain', bordersOf('Portugal'))).toBe(true);
    expect(canFollow('Spain', bordersOf('France'))).toBe(false);
    expect(canFollow('Spain', bordersOf('France', 'Andorra'))).toBe(true);
    expect(canFollow('Italy', bordersOf('France', 'Andorra'))).toBe(false);
  });

  test('refuses an action that it does not allow', () => {
    expect(() => world.step(holding([]), { kind: 'act', text: 'follow currency of Peru' })).toThrow(IllegalAction);
    expect(() => world.step(holding([]), { kind: 'accept', text: 'answer 42' })).toThrow(IllegalAction);
    const full = stateAfter(world, 'search Lima', 'follow currency of Peru', 'follow demonym of Peru');
    expect(() => world.step(full, { kind: 'act', text: 'search currency' })).toThrow(IllegalAction);
  });

  test('offers only what step accepts, and step adds exactly one fact, for any walk', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), (choices) => {
        let state = world.initial();
        for (const choice of choices) {
          const acts = world.actions(state).filter((action) => action.kind === 'act');
          const arrival = world.step(state, acts[choice % acts.length]);
          if (!('state' in arrival)) throw new Error('an act ended the task');
          expect(arrival.state.step).toBe(state.step + 1);
          expect(arrival.state.memory.length).toBe(state.memory.length + 1);
          expect(arrival.state.memory).toEqual(expect.arrayContaining([...state.memory]));
          state = arrival.state;
        }
      }),
    );
  });
});

describe('an answer', () => {
  test('is one outcome however it was found, worth 1 if it matches and 0.4 of its token F1 if not', () => {
    const question = {
      ...currencyOfPeru,
      bridge: 'Benin',
      anchors: ['Porto-Novo'],
      answers: ['West African CFA franc'],
    };
    const world = qaWorld(question, everywhere, { evidence: 4, hits: 3 });
    const memory = holding(['Benin', 'Cameroon', 'Togo'].map((name) => factsOf(name)?.get('currency') ?? -1));
    const graded = new Map(
      world.actions(memory).flatMap((action) => {
        if (action.kind !== 'accept') return [];
        const arrival = world.step(memory, action);
        if (!('outcome' in arrival)) throw new Error('an answer went on');
        return [[arrival.outcome.text, arrival.outcome] as const];
      }),
    );
    expect(graded.get('West African CFA franc')).toMatchObject({ reward: 1, solved: true });
    // 3 of 4 tokens are common, both ways: F1 = 3/4
    expect(graded.get('Central African CFA franc')?.reward).toBeCloseTo(0.4 * 0.75, 12);
    expect(graded.get('Central African CFA franc')?.solved).toBe(false);
    expect(world.actions(memory).filter((action) => action.text.startsWith('answer West African CFA franc'))).toEqual([
      { kind: 'accept', text: 'answer West African CFA franc, currency of Benin' },
      { kind: 'accept', text: 'answer West African CFA franc, currency of Togo' },
    ]);
    expect(graded.get('Togo')).toEqual({ key: 'Togo', text: 'Togo', items: ['Togo'], reward: 0, solved: false });
  });

  test('is graded by exact match and token F1 in whole tasks', () => {
    const settings = twoHopQa.settings.parse({});
    const byText = new Map(COUNTRIES.flatMap(questionsAbout).map((question) => [question.text, question]));
    for (let index = 0; index < 20; index++) {
      const graph = twoHopQa.task(settings, 0, 'heldOut', index).compile();
      const answers = byText.get(graph.text)?.answers ?? [];
      expect(answers.length).toBeGreaterThan(0);
      for (let x = 0; x < graph.outcomes; x++) {
        const text = graph.nodeText[graph.states + x];
        const matches = exactMatch(text, answers);
        expect(graph.solved[x]).toBe(matches ? 1 : 0);
        expect(graph.reward[x]).toBeCloseTo(matches ? 1 : 0.4 * tokenF1(text, answers), 12);
      }
    }
  });
});

describe('the splits of two-hop-qa', () => {
  const settings = twoHopQa.settings.parse({});
  const bridgeOf = new Map(
    COUNTRIES.flatMap(questionsAbout).map((question) => [question.text, question.bridge] as const),
  );
  const bridges = (split: 'train' | 'validation' | 'heldOut', n: number) =>
    new Set(Array.from({ length: n }, (_, i) => bridgeOf.get(twoHopQa.task(settings, 5, split, i).text)));

  test('turn on different countries, as many as there are before one comes again', () => {
    const [train, validation, heldOut] = [bridges('train', 116), bridges('validation', 29), bridges('heldOut', 49)];
    expect([train.size, validation.size, heldOut.size]).toEqual([116, 29, 49]);
    expect(new Set([...train, ...validation, ...heldOut]).size).toBe(COUNTRIES.length);
  });

  test('say so when they are asked for a question that they do not have', () => {
    expect(() => twoHopQa.task(settings, 0, 'validation', 4000)).toThrow(/there is none at index 4000/);
  });
});

describe('the settings of two-hop-qa', () => {
  test('refuse unknown fields and sizes that cannot be enumerated', () => {
    const refuses = (input: unknown) => !twoHopQa.settings.safeParse(input).success;
    expect(refuses({})).toBe(false);
    expect(refuses({ evidence: 6 })).toBe(true);
    expect(refuses({ hits: 0 })).toBe(true);
    expect(refuses({ steps: 0 })).toBe(true);
    expect(refuses({ steps: 1, evidence: 3 })).toBe(false);
    expect(refuses({ countries: 195 })).toBe(true);
    expect(refuses({ country: 'Peru' })).toBe(true);
  });

  test('allow no task beyond the default limits, even at their largest', () => {
    const largest = twoHopQa.settings.parse({ evidence: 5, hits: 5, countries: 194 });
    for (let i = 0; i < 5; i++) expect(twoHopQa.task(largest, 0, 'train', i).compile().states).toBeLessThan(50_000);
  });
});

describe('fewer steps than hops', () => {
  const searchAndFollow = ['search {a}', 'follow {b} of {c}'];
  const short = twoHopQa.settings.parse({ steps: 1, evidence: 3 });

  test('leave most questions without an answer, and a skill of both hops opens nearly all of them', () => {
    const success = (...plans: string[][]) => attainable(twoHopQa, short, skillsOf(...plans)).success;
    expect(success()).toBeGreaterThan(0.15);
    expect(success()).toBeLessThan(0.35);
    expect(success(['search {a}', 'search {b}'])).toBeLessThan(0.6);
    expect(success(searchAndFollow)).toBeGreaterThan(0.9);
  });

  test('keep graphs small with three skills', () => {
    const skills = skillsOf(searchAndFollow, ['search {a}', 'search {b}'], [...searchAndFollow, 'follow {d} of {c}']);
    const { states, edges } = attainable(twoHopQa, short, skills);
    expect(states).toBeLessThan(1500);
    expect(edges).toBeLessThan(8000);
  });

  test('are counted apart from facts: a skill fetches two in one step', () => {
    const world = qaWorld(currencyOfPeru, everywhere, { evidence: 3, hits: 2, steps: 2 });
    const { composites } = world;
    if (composites === undefined) throw new Error('no skill can be carried out');
    const act = (state: QaState, text: string) => composites.act(state, { kind: 'act', text });
    const acted = act(act(world.initial(), 'search Lima'), 'follow currency of Peru');
    expect(acted.step).toBe(0);
    const bySkill = composites.afterStep(acted);
    const byActs = stateAfter(world, 'search Lima', 'follow currency of Peru');
    expect(bySkill.memory).toEqual(byActs.memory);
    expect(world.key(bySkill)).not.toBe(world.key(byActs));
    expect([world.stepOf(bySkill), world.stepOf(byActs)]).toEqual([1, 2]);
    expect(world.describe(bySkill)).toBe(`${world.describe(byActs)} (after 1 step)`);
    expect([composites.canStep(bySkill), composites.canStep(byActs)]).toEqual([true, false]);
    const kinds = (state: QaState) => new Set(world.actions(state).map(({ kind }) => kind));
    expect(kinds(bySkill)).toEqual(new Set(['act', 'accept']));
    expect(kinds(byActs)).toEqual(new Set(['accept']));
    expect(() => world.step(byActs, { kind: 'act', text: 'search Peru' })).toThrow(IllegalAction);
    expect(() => composites.act(acted, { kind: 'accept', text: 'answer Peru' })).toThrow(IllegalAction);
  });
});

describe('hurried questions', () => {
  test('have one step: as many as the share says, the same ones whatever else is asked', () => {
    const settings = twoHopQa.settings.parse({ steps: 2, evidence: 3, hurried: 0.7 });
    const horizons = Array.from({ length: 200 }, (_, i) => twoHopQa.task(settings, 0, 'train', i).compile().horizon);
    // Of 200 draws at 0.7 the middle 99.9% are within 0.59 and 0.81.
    const share = horizons.filter((horizon) => horizon === 2).length / horizons.length;
    expect(share).toBeGreaterThan(0.59);
    expect(share).toBeLessThan(0.81);
    const longer = twoHopQa.settings.parse({ steps: 3, evidence: 3, hurried: 0.7 });
    const again = Array.from({ length: 20 }, (_, i) => twoHopQa.task(longer, 0, 'train', i).compile().horizon);
    expect(again.map((horizon) => horizon === 2)).toEqual(horizons.slice(0, 20).map((horizon) => horizon === 2));
  });

  test('leave half of the questions to acts, and a skill of both hops opens nearly all others', () => {
    const settings = twoHopQa.settings.parse({ steps: 2, evidence: 2, hurried: 0.75 });
    const success = (...plans: string[][]) => attainable(twoHopQa, settings, skillsOf(...plans)).success;
    expect(success()).toBeGreaterThan(0.35);
    expect(success()).toBeLessThan(0.5);
    expect(success(['search {a}', 'follow {b} of {c}'])).toBeGreaterThan(0.9);
  });
});
