/** What is written of a plan where nobody else writes it: a name, when to use it, and what to beware of, by rule. */
import { cutText } from './cutText.ts';
import { kindOfAct, renamed, variablesOf } from './plan.ts';
import type { SkillDraft } from './skill.ts';

const MOST_WORDS = 4;
/** Words that say nothing in a name. */
const SMALL = new Set(['the', 'a', 'an', 'of', 'in', 'on', 'to', 'from', 'with', 'and', 'it', 'is', 'get']);

const MOST_CHARACTERS = 1024;

/** The document of a plan. Its name is not yet that of nobody else: see `freeName`. */
export function describePlan(plan: readonly string[], allows: readonly string[] = []): SkillDraft {
  const named = renamed(plan);
  const acts = named.map(
    (template) => `"${template.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())}"`,
  );
  const shared = variablesOf(named)
    .filter((name) => named.filter((template) => template.split(' ').includes(`{${name}}`)).length > 1)
    .map((name) => name.toUpperCase());
  const sentences = [
    `Does ${listed(acts, 'then')} in one step.`,
    acts.length === 1 ? 'For where this can be done.' : 'For where these can be done one after the other.',
    ...(shared.length === 0 ? [] : [`${listed(shared)} ${shared.length === 1 ? 'is' : 'are'} the same throughout.`]),
  ];
  return {
    name: nameOfPlan(plan),
    plan: named,
    allows: [...allows],
    description: cutText(sentences.join(' '), MOST_CHARACTERS),
    pitfall: pitfallOf(acts.length),
    constraint:
      allows.length === 0
        ? ''
        : `Only where the state allows ${listed([...allows].sort().map((kind) => `"${kind}"`))}.`,
  };
}

function pitfallOf(acts: number): string {
  if (acts === 1) return '';
  return acts === 2
    ? 'Both acts are done or neither: where only the first was needed, the second is done too.'
    : `All ${acts} acts are done or none: where only the first was needed, the rest is done too.`;
}

/** `take-heat`; of a plan whose acts are of one kind, `go-kitchen-go-study`. */
export function nameOfPlan(plan: readonly string[]): string {
  const kinds = plan.map((template) => slug(kindOfAct(template)));
  const words = new Set(kinds).size > 1 || kinds.length === 1 ? kinds : plan.flatMap(telling);
  const name = words
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .join('-')
    .slice(0, 56)
    .replace(/-+$/, '');
  return name === '' ? 'plan' : name;
}

/** The kind of an act and its first word that says something. */
function telling(template: string): string[] {
  const [kind, ...rest] = template.split(' ');
  const noun = rest.find((word) => !word.startsWith('{') && !SMALL.has(word) && !SIGNS.has(word) && slug(word) !== '');
  return noun === undefined ? [slug(kind)] : [slug(kind), slug(noun)];
}

const SIGNS = new Map([
  ['+', 'plus'],
  ['-', 'minus'],
  ['*', 'times'],
  ['/', 'by'],
  ['=', 'is'],
]);

function slug(word: string): string {
  const plain = (SIGNS.get(word) ?? word).normalize('NFKD').toLowerCase();
  return plain.replaceAll(/[^a-z0-9]+/g, '');
}

/** `x`, `x and y`, `x, y and z`; before another last word there is a comma: `x, y, then z`. */
function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')}${last === 'and' ? ' ' : ', '}${last} ${items[items.length - 1]}`;
}
