/**
 * Byte pair encoding: any text is its UTF-8 bytes, and pairs of pieces are joined by a fixed list of merges. A few
 * sentences that come again and again (the prompts of the acts) are one piece each.
 */
import { z } from 'zod';

export interface Tokenizer {
  /** Tokens that the text is made of. A lone surrogate is read as U+FFFD; every other text comes back from `decode`. */
  encode(text: string): number[];
  /** The text of tokens; bytes that are no UTF-8 become U+FFFD, and the end token is nothing. */
  decode(tokens: readonly number[]): string;
  /** The token that ends an answer. */
  readonly end: number;
  readonly size: number;
}

/** The file `tokenizer.json` of the model. */
export const tokenizerSchema = z.strictObject({
  /** A regular expression whose matches, one after the other, are the words that merges do not cross. */
  pattern: z.string().min(1),
  end: z.string().min(1),
  sentences: z.array(z.string().min(1)),
  /** By token; bytes are written as GPT-2 writes them, one visible character each. */
  vocabulary: z.array(z.string().min(1)),
  /** Pairs with a space between them, the first joined first. */
  merges: z.array(z.string().regex(/^\S+ \S+$/)),
});
export type TokenizerFile = z.output<typeof tokenizerSchema>;

/** Bytes as characters that can be seen: those of Latin-1 that can be, then what follows U+0100. */
function byteCharacters(): readonly string[] {
  const visible = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(visible(byte) ? byte : next++));
}

const MOST_REMEMBERED = 10_000;

/** @throws RangeError where the vocabulary lacks a byte, the end, a sentence or what a merge makes */
export function createTokenizer(file: TokenizerFile): Tokenizer {
  const characters = byteCharacters();
  const byteOf = new Map(characters.map((character, byte) => [character, byte]));
  const tokens = new Map(file.vocabulary.map((piece, token) => [piece, token]));
  const rank = new Map(file.merges.map((pair, i) => [pair, i]));
  const tokenOf = (piece: string): number => {
    const token = tokens.get(piece);
    if (token === undefined) throw new RangeError(`The tokenizer's vocabulary lacks "${piece}".`);
    return token;
  };
  for (const character of characters) tokenOf(character);
  for (const pair of file.merges) tokenOf(pair.replace(' ', ''));
  const end = tokenOf(file.end);
  const whole = new Map(file.sentences.map((sentence) => [tokenOf(sentence), sentence]));
  const sentences = [...file.sentences].sort((a, b) => b.length - a.length);
  const words = new RegExp(file.pattern, 'gu');
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const remembered = new Map<string, readonly number[]>();

  /** Tokens of one word: of all neighbours the pair of the lowest rank is joined, until none has one. */
  const wordTokens = (word: string): readonly number[] => {
    const held = remembered.get(word);
    if (held !== undefined) return held;
    let parts = Array.from(encoder.encode(word), (byte) => characters[byte]);
    while (parts.length > 1) {
      let best = Infinity;
      let pair = '';
      for (let i = 0; i + 1 < parts.length; i++) {
        const candidate = `${parts[i]} ${parts[i + 1]}`;
        const order = rank.get(candidate);
        if (order !== undefined && order < best) [best, pair] = [order, candidate];
      }
      if (best === Infinity) break;
      const joined: string[] = [];
      for (let i = 0; i < parts.length; i++) {
        if (i + 1 < parts.length && `${parts[i]} ${parts[i + 1]}` === pair) joined.push(parts[i] + parts[++i]);
        else joined.push(parts[i]);
      }
      parts = joined;
    }
    const found = parts.map(tokenOf);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(word, found);
    return found;
  };

  /** The text in turns of what lies between sentences and the sentences themselves. */
  const encodeInto = (text: string, out: number[]): void => {
    let first = -1;
    let found = '';
    for (const sentence of sentences) {
      const at = text.indexOf(sentence);
      if (at >= 0 && (first < 0 || at < first)) [first, found] = [at, sentence];
    }
    const before = first < 0 ? text : text.slice(0, first);
    for (const [word] of before.matchAll(words)) out.push(...wordTokens(word));
    if (first < 0) return;
    out.push(tokenOf(found));
    encodeInto(text.slice(first + found.length), out);
  };

  return {
    end,
    size: file.vocabulary.length,
    encode(text) {
      const out: number[] = [];
      encodeInto(text, out);
      return out;
    },
    decode(ids) {
      const bytes: number[] = [];
      for (const id of ids) {
        if (id === end) continue;
        const sentence = whole.get(id);
        if (sentence !== undefined) {
          bytes.push(...encoder.encode(sentence));
          continue;
        }
        const piece = file.vocabulary[id];
        if (piece === undefined) throw new RangeError(`There is no token ${id}: there are ${file.vocabulary.length}.`);
        for (const character of piece) {
          const byte = byteOf.get(character);
          if (byte === undefined) throw new RangeError(`Token ${id}, "${piece}", is not made of bytes.`);
          bytes.push(byte);
        }
      }
      return decoder.decode(Uint8Array.from(bytes));
    },
  };
}
