import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROMPTS } from '../prompt.ts';
import { WRITE_SKILL } from '../skillWriter.ts';
import { microFilesInNode } from './inNode.ts';
import type { TokenizerFile } from './tokenizer.ts';
import { createTokenizer, tokenizerSchema } from './tokenizer.ts';

const file: TokenizerFile = tokenizerSchema.parse(JSON.parse(new TextDecoder().decode(microFilesInNode().tokenizer)));
const tokenizer = createTokenizer(file);

describe('the tokenizer that ships', () => {
  test('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  test('gives back text that is made of its own sentences, words, digits and line ends', () => {
    const part = fc.oneof(
      fc.constantFrom(...file.sentences, 'Peru', ' Lima', '\n', '\n- ', '  ', ' | ', '24', ' 144', file.end, '\uFEFF'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  test('never writes the end into what it reads, and uses no token that is not there', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const tokens = tokenizer.encode(`${file.end}${text}`);
        expect(tokens).not.toContain(tokenizer.end);
        expect(tokens.every((token) => token >= 0 && token < tokenizer.size)).toBe(true);
      }),
    );
  });

  test('reads a lone surrogate as the character that stands for what is no text', () => {
    expect(tokenizer.decode(tokenizer.encode('a\uD800b'))).toBe('a\uFFFDb');
  });

  test('has the prompt of each act as one token, but for the writing of skills, which it cannot do', () => {
    const { [WRITE_SKILL]: _, ...others } = PROMPTS;
    const prompts = Object.values(others);
    expect(prompts.map((prompt) => tokenizer.encode(prompt).length)).toEqual(prompts.map(() => 1));
    expect([...file.sentences].sort()).toEqual([...prompts].sort());
  });
});

/** Bytes, an end, and a few merges. */
function small(merges: readonly string[], changes: Partial<TokenizerFile> = {}): TokenizerFile {
  const bytes = file.vocabulary.filter((piece) => [...piece].length === 1);
  const made = merges.map((pair) => pair.replace(' ', ''));
  return {
    ...file,
    end: '<end>',
    sentences: [],
    vocabulary: ['<end>', ...bytes, ...made],
    merges: [...merges],
    ...changes,
  };
}

describe('a tokenizer', () => {
  const pieces = (merges: readonly string[], text: string): string[] => {
    const of = createTokenizer(small(merges));
    return of.encode(text).map((token) => of.decode([token]));
  };

  test('joins the pair that stands first in the list, everywhere in the word, and then goes on', () => {
    expect(pieces(['b c', 'a b'], 'abcab')).toEqual(['a', 'bc', 'ab']);
    expect(pieces(['a b', 'b c'], 'abcab')).toEqual(['ab', 'c', 'ab']);
    expect(pieces(['a a', 'aa aa'], 'aaaaa')).toEqual(['aaaa', 'a']);
  });

  test('joins nothing across words', () => {
    expect(pieces(['a b'], 'a b ab')).toEqual(['a', ' ', 'b', ' ', 'ab']);
  });

  test('is refused where its vocabulary lacks a byte, the end or what a merge makes', () => {
    expect(() => createTokenizer(small(['a b'], { vocabulary: ['<end>', 'a'] }))).toThrow(/lacks/);
    expect(() => createTokenizer(small([], { end: '<stop>' }))).toThrow(/lacks "<stop>"/);
    expect(() => createTokenizer({ ...small([]), merges: ['a b'] })).toThrow(/lacks "ab"/);
  });

  test('refuses a token that is not there', () => {
    expect(() => tokenizer.decode([tokenizer.size])).toThrow(/no token/);
  });
});
