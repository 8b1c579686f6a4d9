/** Full-text search (BM25, MiniSearch) over a corpus and the passages of one task, as one index. */
import MiniSearch from 'minisearch';
import { keyOf } from './textFile.ts';

interface Passage {
  readonly id: number;
  readonly text: string;
}

/** An index from which the documents that were added last can be taken out without a trace. */
class Resettable extends MiniSearch<Passage> {
  #mark: { readonly nextId: number; readonly lengths: readonly number[] } | null = null;
  #added: readonly Passage[] = [];

  /** Puts `passages` into the place of those that were put there before. */
  put(passages: readonly Passage[]): void {
    this.#mark ??= { nextId: this._nextId, lengths: [...this._avgFieldLength] };
    this.removeAll(this.#added);
    // Removal works the mean length out again, in rounded numbers: scores would depend on what was there before.
    this._nextId = this.#mark.nextId;
    this._avgFieldLength = [...this.#mark.lengths];
    this.#added = passages;
    this.addAll(passages);
  }
}

/**
 * A corpus that is indexed once, at the first search. The passages of the task that searches join it until another task
 * does, so what is found depends on the query, the corpus and the task's own passages, and on nothing that was asked
 * before.
 */
export class PassageSearch {
  readonly #corpus: readonly string[];
  /** Places in the corpus by `keyOf`. */
  readonly #places = new Map<string, number>();
  #index: Resettable | null = null;
  #own: Own | null = null;

  /** @param corpus no two alike; may be empty */
  constructor(corpus: readonly string[]) {
    this.#corpus = corpus;
  }

  /**
   * The passages that a query finds, best first; of two that fit alike the task's own comes first, then the earlier one.
   * One that stands in the corpus and in the task, or twice in the task, counts once. Any word of the query may match.
   * @param own the task's passages; told apart by identity, so they must not change
   * @param hits at most so many
   */
  search(query: string, own: readonly string[], hits: number): readonly string[] {
    const index = this.#index ?? this.#built();
    if (this.#own?.of !== own) {
      this.#own = this.#ownOf(own);
      index.put(this.#own.added);
    }
    const { ranks, texts } = this.#own;
    const rank = (id: number): number => ranks.get(id) ?? ranks.size + id;
    const found = index.search(query).map(({ id, score }): Found => ({ id, score }));
    // Sorted by score already; what ties with the last hit may yet come before it.
    const least = found[Math.min(hits, found.length) - 1]?.score ?? 0;
    return found
      .filter(({ score }) => score >= least)
      .sort((a, b) => b.score - a.score || rank(a.id) - rank(b.id))
      .slice(0, hits)
      .map(({ id }) => texts.get(id) ?? this.#corpus[id]);
  }

  #built(): Resettable {
    const index = new Resettable({ fields: ['text'] });
    for (const [id, text] of this.#corpus.entries()) {
      this.#places.set(keyOf(text), id);
      index.add({ id, text });
    }
    this.#index = index;
    return index;
  }

  #ownOf(own: readonly string[]): Own {
    const added: Passage[] = [];
    const ranks = new Map<number, number>();
    const texts = new Map<number, string>();
    const known = new Set<string>();
    for (const text of own) {
      const key = keyOf(text);
      if (known.has(key)) continue;
      known.add(key);
      const place = this.#places.get(key);
      const id = place ?? this.#corpus.length + added.length;
      if (place === undefined) added.push({ id, text });
      ranks.set(id, ranks.size);
      texts.set(id, text);
    }
    return { of: own, added, ranks, texts };
  }
}

interface Found {
  readonly id: number;
  readonly score: number;
}

/** The passages of the task that searches. */
interface Own {
  readonly of: readonly string[];
  /** Those that are not in the corpus. */
  readonly added: readonly Passage[];
  /** Places among the task's passages, by id. */
  readonly ranks: ReadonlyMap<number, number>;
  readonly texts: ReadonlyMap<number, string>;
}
