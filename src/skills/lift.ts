/**
 * Plan lifting: what several stretches of acts have in common, by anti-unification. The least general generalisation
 * (Plotkin 1970, "A note on inductive generalization") of sequences of words: what all have stays, and each tuple of
 * runs that differ becomes a variable, the same tuple the same variable.
 */
import type { Binding } from './plan.ts';
import { nameOf, templateFault } from './plan.ts';

export interface LiftedPlan {
  readonly plan: readonly string[];
  /** What the variables stand for in each stretch. */
  readonly bindings: readonly Binding[];
}

/**
 * The plan that each stretch is an instance of. One stretch is a plan of constants.
 * @param stretches texts of acts; all of one length
 * @returns null where a step's texts do not begin with the same word or one says no more than that, where they differ in
 * so many places that it would be no template (`templateFault`), and for no stretches
 * @throws RangeError where they differ in length
 */
export function liftPlan(stretches: readonly (readonly string[])[]): LiftedPlan | null {
  if (stretches.length === 0) return null;
  const length = stretches[0].length;
  if (stretches.some((stretch) => stretch.length !== length)) {
    throw new RangeError('Stretches of different lengths have no plan in common.');
  }
  const variables = new Map<string, string>();
  const bindings = stretches.map(() => new Map<string, string>());
  const plan: string[] = [];
  for (let step = 0; step < length; step++) {
    const texts = stretches.map((stretch) => stretch[step].split(' '));
    if (texts.some(([first]) => first !== texts[0][0])) return null;
    const segments = segmentsOf(texts);
    if (segments === null) return null;
    const template = segments.map((segment) => {
      if ('word' in segment) return segment.word;
      const key = segment.runs.join('\n');
      const name = variables.get(key) ?? nameOf(variables.size);
      variables.set(key, name);
      for (const [i, run] of segment.runs.entries()) bindings[i].set(name, run);
      return `{${name}}`;
    });
    if (templateFault(template.join(' ')) !== null) return null;
    plan.push(template.join(' '));
  }
  return { plan, bindings };
}

type Segment = { readonly word: string } | { readonly runs: readonly string[] };

/**
 * The common words of all texts in order, and between them what each has instead. A gap that is empty in one of the
 * texts takes the common word before it in: a variable stands for a word at least, and so does what is between two.
 */
function segmentsOf(texts: readonly (readonly string[])[]): Segment[] | null {
  let common = texts.reduce((all, words) => commonWords(all, words));
  for (;;) {
    const places = texts.map((words) => placesOf(common, words));
    // What stands after each common word; before the first, which all begin with, there is nothing.
    const gaps = Array.from({ length: common.length }, (_, i) =>
      texts.map((words, text) => words.slice(places[text][i] + 1, places[text][i + 1]).join(' ')),
    );
    const uneven = gaps.findIndex((runs) => runs.some((run) => run === '') && runs.some((run) => run !== ''));
    if (uneven < 0) {
      return common.flatMap((word, i): Segment[] => (gaps[i][0] === '' ? [{ word }] : [{ word }, { runs: gaps[i] }]));
    }
    // The first word of an act is what kind of act it is, and stays.
    const dropped = uneven > 0 ? uneven : 1;
    if (dropped >= common.length) return null;
    common = common.filter((_, i) => i !== dropped);
  }
}

/** A longest common subsequence; of several the one that takes from the front. */
function commonWords(a: readonly string[], b: readonly string[]): readonly string[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const common: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.push(a[i]);
      i++;
      j++;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i++;
    else j++;
  }
  return common;
}

/** Where each of the common words stands in a text, the earliest place for each after the one before. */
function placesOf(common: readonly string[], words: readonly string[]): readonly number[] {
  const places: number[] = [];
  let from = 0;
  for (const word of common) {
    const at = words.indexOf(word, from);
    places.push(at);
    from = at + 1;
  }
  return places;
}
