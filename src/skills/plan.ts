/**
 * Plans: sequences of act texts with variables in braces. `take {a} from the {b}` stands for every text that puts one or
 * more whole words in the place of each variable, the same words wherever the same variable stands.
 */

import { z } from 'zod';

/** What each variable stands for. */
export type Binding = ReadonlyMap<string, string>;

/** A word of a template: itself, or a variable. */
type Part = { readonly word: string } | { readonly variable: string };

const VARIABLE = /^\{([a-z][a-z0-9]*)\}$/;
const MOST_VARIABLES = 12;

const parsed = new Map<string, readonly Part[]>();

/** A variable is a word of its own, so that what it stands for is whole words. */
function partsOf(template: string): readonly Part[] {
  const held = parsed.get(template);
  if (held) return held;
  const parts = template.split(' ').map((word): Part => {
    const variable = VARIABLE.exec(word)?.[1];
    return variable === undefined ? { word } : { variable };
  });
  // Templates are few; texts of unknown origin may be many.
  if (parsed.size > 1000) parsed.clear();
  parsed.set(template, parts);
  return parts;
}

/** What is wrong with a template, as a clause for an error; null where nothing is. */
export function templateFault(template: string): string | null {
  const parts = partsOf(template);
  if (
    template.trim() !== template ||
    /[\r\n]/.test(template) ||
    parts.some((part) => 'word' in part && part.word === '')
  ) {
    return 'its words stand with one space between them';
  }
  if (parts.some((part) => 'word' in part && /[{}]/.test(part.word))) {
    return 'a variable is a word of its own in braces, a letter and then letters or digits, e.g. {a}';
  }
  if (parts.every((part) => 'variable' in part)) return 'a template holds a word beside its variables';
  if ('variable' in parts[0]) return 'a template begins with a word: what kind of act it is';
  if (parts.some((part, i) => i > 0 && 'variable' in part && 'variable' in parts[i - 1])) {
    return 'between two variables stands a word, or nobody could tell where one ends';
  }
  if (variablesOf([template]).length > MOST_VARIABLES) return `it may hold at most ${MOST_VARIABLES} variables`;
  return null;
}

/** The form of a plan, whether or not an executor could carry it out: how many acts, and how long. */
export const planShape = z.array(z.string().min(1).max(200)).min(1).max(8);

/** A plan of unknown origin; what is wrong with one of its templates is said as `templateFault` says it. */
export const planSchema = planShape.superRefine((plan, context) => {
  for (const [i, template] of plan.entries()) {
    const fault = templateFault(template);
    if (fault !== null) context.addIssue({ code: 'custom', path: [i], message: fault });
  }
});

/** The variables of a plan, by first appearance. */
export function variablesOf(plan: readonly string[]): readonly string[] {
  const all = plan.flatMap((template) =>
    partsOf(template).flatMap((part) => ('variable' in part ? [part.variable] : [])),
  );
  return [...new Set(all)];
}

/**
 * Every way to read `text` as `template` that agrees with `binding`, each with what is bound in addition. Shorter runs
 * of words for earlier variables come first.
 */
export function matchTemplate(template: string, text: string, binding: Binding = new Map()): readonly Binding[] {
  const parts = partsOf(template);
  const words = text.split(' ');
  const found: Binding[] = [];
  const match = (part: number, word: number, bound: Binding): void => {
    if (part === parts.length) {
      if (word === words.length) found.push(bound);
      return;
    }
    const here = parts[part];
    if ('word' in here) {
      if (words[word] === here.word) match(part + 1, word + 1, bound);
      return;
    }
    const held = bound.get(here.variable);
    if (held !== undefined) {
      const length = held.split(' ').length;
      if (words.slice(word, word + length).join(' ') === held) match(part + 1, word + length, bound);
      return;
    }
    // Every part that follows needs a word at least.
    const last = words.length - (parts.length - part - 1);
    for (let end = word + 1; end <= last; end++) {
      match(part + 1, end, new Map([...bound, [here.variable, words.slice(word, end).join(' ')]]));
    }
  };
  match(0, 0, binding);
  return found;
}

/** The text of a template with its variables filled in; those that are not bound stay. */
export function instantiate(template: string, binding: Binding): string {
  return partsOf(template)
    .map((part) => ('word' in part ? part.word : (binding.get(part.variable) ?? `{${part.variable}}`)))
    .join(' ');
}

/** The plan with its variables named a, b, c, ... by first appearance. */
export function renamed(plan: readonly string[]): readonly string[] {
  const names: Binding = new Map(variablesOf(plan).map((variable, i) => [variable, `{${nameOf(i)}}`]));
  return plan.map((template) => instantiate(template, names));
}

/** a .. z, then a1, b1, ... */
export function nameOf(index: number): string {
  const letter = String.fromCharCode('a'.charCodeAt(0) + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

/**
 * Equal for plans that differ in the names of their variables alone, with the same kinds of act that they ask for. A
 * line per act; the condition after an empty line, which no template is.
 */
export function planKey(plan: readonly string[], allows: readonly string[] = []): string {
  const kinds = [...new Set(allows)].sort();
  return [...renamed(plan), ...(kinds.length > 0 ? ['', `where: ${kinds.join(', ')}`] : [])].join('\n');
}

/** The first word of an act's text: what kind of act it is. */
export function kindOfAct(text: string): string {
  const space = text.indexOf(' ');
  return space < 0 ? text : text.slice(0, space);
}
