/** What is written of a plan where nobody else writes it: a name, when to use it, and what to beware of, by rule. */
import { kindOfAct, renamed, variablesOf } from './plan.ts';
import type { SkillDraft } from './skill.ts';

const MOST_WORDS = 4;
/** Words that say nothing in a name. */
const SMALL = new Set(['the', 'a', 'an', 'of', 'in', 'on', 'to', 'from', 'with', 'and', 'it', 'is']);

/** The document of a plan. Its name is not yet that of nobody else: see `freeName`. */
export function describePlan(plan: readonly string[], allows: readonly string[] = []): SkillDraft {
  const kinds = plan.map(kindOfAct);
  const acts = plan.map((template) => template.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase()));
  const variables = variablesOf(plan);
  const shared = variables.filter((name) => plan.filter((template) => template.includes(`{${name}}`)).length > 1);
  const holds =
    shared.length === 0
      ? ''
      : ` ${listed(shared.map((name) => name.toUpperCase()))} ${shared.length === 1 ? 'is' : 'are'} the same throughout.`;
  return {
    name: nameOfPlan(plan),
    plan: renamed(plan),
    allows: [...allows],
    description: `When ${listed(acts.map((act) => `"${act}"`))} can be done one after the other: it does them in one step.${holds}`,
    pitfall: `All ${plan.length} acts are done or none; where only "${kinds[0]}" was needed, the rest comes with it.`,
    constraint: allows.length === 0 ? '' : `Only where the state allows to ${listed([...allows].sort(), 'and')}.`,
  };
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
  const noun = rest.find((word) => !word.startsWith('{') && !SMALL.has(word) && slug(word) !== '');
  return noun === undefined ? [slug(kind)] : [slug(kind), slug(noun)];
}

const SIGNS: Readonly<Record<string, string>> = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'by', '=': 'is' };

function slug(word: string): string {
  return (SIGNS[word] ?? word).toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
}

function listed(items: readonly string[], last = 'then'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1]}`;
}
