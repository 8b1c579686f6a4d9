/** Full-text search (BM25, MiniSearch) over the facts as passages. */
import MiniSearch from 'minisearch';
import { FACTS } from './facts.ts';

let index: MiniSearch<{ id: number; text: string }> | undefined;

/**
 * The `n` best passages for a query, best first, as indices into FACTS. Any word of the query may match.
 * @param countries only facts about these are found
 */
export function search(query: string, n: number, countries: ReadonlySet<string>): number[] {
  if (index === undefined) {
    index = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] });
    index.addAll(FACTS.map((fact, id) => ({ id, text: fact.text })));
  }
  return index
    .search(query, { filter: ({ id }) => countries.has(FACTS[id].country) })
    .slice(0, n)
    .map(({ id }): number => id);
}
