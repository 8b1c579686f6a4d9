/**
 * Facts about the 194 independent countries of the `world-countries` database, one passage each:
 * "currency of Peru: Peruvian sol". A fact is known by its index in `FACTS`.
 */
import countries from './countries.json';

export const RELATIONS = ['capital', 'currency', 'language', 'subregion', 'demonym', 'border'] as const;
export type Relation = (typeof RELATIONS)[number];

export type Country = { readonly name: string } & { readonly [R in Relation]: readonly string[] };

export interface Fact {
  readonly country: string;
  readonly relation: Relation;
  /** Never empty: a relation without a value makes no fact. */
  readonly values: readonly string[];
  /** The passage that search reads, and the item that the Supervisor reads. */
  readonly text: string;
}

/** In alphabetical order of names. */
export const COUNTRIES: readonly Country[] = countries;

export const FACTS: readonly Fact[] = COUNTRIES.flatMap((country) =>
  RELATIONS.filter((relation) => country[relation].length > 0).map((relation) => ({
    country: country.name,
    relation,
    values: country[relation],
    text: `${relation} of ${country.name}: ${country[relation].join(', ')}`,
  })),
);

const byCountry = new Map<string, Map<Relation, number>>();
for (const [index, fact] of FACTS.entries()) {
  const known = byCountry.get(fact.country) ?? new Map<Relation, number>();
  byCountry.set(fact.country, known.set(fact.relation, index));
}

/** The facts about a country by relation; undefined if `name` is no country. */
export function factsOf(name: string): ReadonlyMap<Relation, number> | undefined {
  return byCountry.get(name);
}
