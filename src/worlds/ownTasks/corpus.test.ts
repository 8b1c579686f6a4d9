import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Corpus, MOST_CORPUS_PASSAGES, MOST_PARAGRAPH, MOST_TITLE, readCorpus } from './corpus.ts';
import { MOST_PASSAGE } from './taskFile.ts';
import { faultText, MOST_BYTES, MOST_FAULTS } from './textFile.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** @throws with the faults, where there are any */
function read(content: string | Uint8Array): Extract<Corpus, { ok: true }> {
  const corpus = readCorpus(content);
  if (!corpus.ok) throw new Error(corpus.faults.map(faultText).join('\n'));
  return corpus;
}
const passagesOf = (content: string | Uint8Array): readonly string[] => read(content).passages;

function faultsOf(content: string | Uint8Array): string[] {
  const corpus = readCorpus(content);
  return corpus.ok ? [] : corpus.faults.map(faultText);
}

describe('a corpus', () => {
  test('is JSON Lines where it begins with a brace, and a text otherwise, whatever the file is called', () => {
    expect(read('\n  {"text": "a"}')).toMatchObject({ kind: 'json-lines', passages: ['a'] });
    expect(read('Emma {"text": "a"}')).toMatchObject({ kind: 'text', passages: ['Emma {"text": "a"}'] });
    expect(read('[Dubliners](https://example.org) is a book.').kind).toBe('text');
    for (const list of ['[{"text": "a"}]', '["a"]', '[\n{"text": "a"}\n]'])
      expect(faultsOf(list)).toEqual(['the file is a list in JSON; write a passage a line, like {"text": ...}']);
  });

  test('in the documentation is read, and its sizes and faults are those of the code', () => {
    const text = readFileSync(join(docs, 'own-tasks.md'), 'utf8');
    const section = text.slice(text.indexOf('## A corpus'), text.indexOf('## Splits'));
    const [lines = '', markdown = ''] = [...section.matchAll(/```(?:json|markdown)\n(.*?)```/gs)].map(
      (found) => found[1],
    );
    expect(read(lines)).toMatchObject({
      kind: 'json-lines',
      passages: [expect.stringMatching(/^Dubliners: /), expect.anything()],
    });
    expect(read(markdown)).toMatchObject({
      kind: 'text',
      passages: [expect.stringMatching(/^# .*\n/), expect.anything()],
    });
    for (const size of [MOST_CORPUS_PASSAGES, MOST_PARAGRAPH, MOST_PASSAGE, MOST_TITLE])
      expect(section).toContain(size.toLocaleString('en-US'));
    expect(section).toContain(`${MOST_BYTES / 2 ** 20} MiB`);
    expect(section).toContain(faultsOf('{"text": "a"}\n{"text": "b", "titel": "B"}')[0]);
  });

  test('may have a byte order mark and any line ends', () => {
    for (const text of ['one\n\ntwo\nlines', '{"text": "one"}\n\n{"text": "two\\nlines"}'])
      for (const content of [text, `\ufeff${text.replaceAll('\n', '\r\n')}\r\n`, text.replaceAll('\n', '\r')])
        for (const given of [content, new TextEncoder().encode(content)])
          expect(passagesOf(given)).toEqual(['one', 'two\nlines']);
  });

  test('counts passages that are alike but for spaces and composition once', () => {
    expect(read('a café\n\nb\n\n a  cafe\u0301 \n\nb')).toMatchObject({ passages: ['a café', 'b'], repeated: 2 });
    expect(read('{"text": "x", "title": "T"}\n{"text": "T: x"}')).toMatchObject({ passages: ['T: x'], repeated: 1 });
  });

  test('is refused where it holds no passage, is no text, or is too large', () => {
    for (const empty of ['', '\n \n', '\ufeff', '---\n\n***', new Uint8Array()])
      expect(faultsOf(empty)[0]).toMatch(/^the file holds no passage; write text with blank lines between/);
    expect(faultsOf(new Uint8Array([0x61, 0xff]))).toEqual([
      'the file is not text in UTF-8; save it again in that encoding',
    ]);
    expect(passagesOf(`a${' '.repeat(MOST_BYTES - 1)}`)).toEqual(['a']);
    expect(faultsOf(`a${' '.repeat(MOST_BYTES)}`)).toEqual([
      `the file has ${MOST_BYTES + 1} bytes; at most ${MOST_BYTES} are read, so leave some of it out`,
    ]);
    // Two bytes a character.
    expect(faultsOf('é'.repeat(MOST_BYTES / 2 + 1))[0]).toMatch(/^the file has 4194306 bytes/);
    const numbers = Array.from({ length: MOST_CORPUS_PASSAGES }, (_, i) => String(i));
    expect(passagesOf(numbers.join('\n\n'))).toHaveLength(MOST_CORPUS_PASSAGES);
    const fault = `has passage ${MOST_CORPUS_PASSAGES + 1}; at most ${MOST_CORPUS_PASSAGES} are read, so leave some out`;
    expect(faultsOf(`${numbers.join('\n\n')}\n\nx\n\ny`)).toEqual([`line ${2 * MOST_CORPUS_PASSAGES + 1} ${fault}`]);
    const lines = [...numbers, 'x', 'y'].map((text) => JSON.stringify({ text }));
    expect(faultsOf(lines.join('\n'))).toEqual([`line ${MOST_CORPUS_PASSAGES + 1} ${fault}`]);
  });
});

describe('a corpus in JSON Lines', () => {
  test('has a passage a line, with its title before it', () => {
    expect(passagesOf('{"text": " By Joyce. ", "title": " Dubliners "}\n{"text": "two\\n\\nparts"}')).toEqual([
      'Dubliners: By Joyce.',
      'two\n\nparts',
    ]);
  });

  test('is refused with the line, the field and what to do, for many faults at once', () => {
    expect(
      faultsOf(
        [
          '{"text": "fine"}',
          '{"text": "no end',
          'words',
          '[1]',
          '',
          '{"text": " ", "title": 7}',
          '{"title": "x"}',
          '{"text": "a", "titel": "x"}',
          JSON.stringify({ text: 'x'.repeat(MOST_PASSAGE + 1), title: 'y'.repeat(MOST_TITLE + 1) }),
        ].join('\n'),
      ),
    ).toEqual([
      expect.stringMatching(
        /^line 2 is no JSON \(.*\); write a passage on one line, in braces, with names in quotation marks$/,
      ),
      expect.stringMatching(/^line 3 is no JSON/),
      'line 4 is a list and no passage; write {"text": ..., "title": ...}',
      'line 6, text: is empty; write the passage',
      'line 6, title: is 7; write a title as a text in quotation marks',
      'line 7, text: is missing; write the passage as a text in quotation marks',
      'line 8 has the field "titel", and a passage has none of that name; its fields are text, title',
      `line 9, text: has ${MOST_PASSAGE + 1} characters; at most ${MOST_PASSAGE} are read, so shorten it`,
      `line 9, title: has ${MOST_TITLE + 1} characters; at most ${MOST_TITLE} are read, so shorten it`,
    ]);
    expect(faultsOf('{\n'.repeat(MOST_BYTES / 2))).toHaveLength(MOST_FAULTS);
  });

  test('that was meant as a text is told how a text begins', () => {
    expect(faultsOf('{{ a template }}')[0]).toMatch(/^line 1 is no JSON .*; a text begins with anything but a brace$/);
  });
});

describe('a corpus in text or Markdown', () => {
  test('is cut at blank lines, and keeps the lines of a passage', () => {
    expect(passagesOf('one\n  still one  \n \t\n\ntwo\n')).toEqual(['one\n  still one', 'two']);
  });

  test('keeps headings with what follows them, and what stands above a heading apart from it', () => {
    expect(
      passagesOf(
        [
          '# Joyce',
          '',
          '## Works',
          '',
          'Dubliners came first.',
          '',
          'Ulysses came later.',
          '### Exiles',
          'A play.',
          'Austen',
          '------',
        ].join('\n'),
      ),
    ).toEqual([
      '# Joyce\n## Works\nDubliners came first.',
      'Ulysses came later.',
      '### Exiles\nA play.\nAusten\n------',
    ]);
    expect(passagesOf('Joyce\n=====\n\nWorks\n---\n\nDubliners')).toEqual(['Joyce\n=====\nWorks\n---\nDubliners']);
    expect(passagesOf('#hash\n\nis no heading')).toEqual(['#hash', 'is no heading']);
  });

  test('has a heading under which nothing stands as a passage of its own', () => {
    expect(passagesOf('# A\n\n## B\n\n## C\n\ntext\n\n---\n\n# D')).toEqual(['# A\n## B', '## C\ntext', '# D']);
  });

  test('is cut at sentence ends where a paragraph is long, else at line ends, else at spaces, else within a word', () => {
    // Of 100 characters with the space after it: ten fit into 1000, the last one's space aside.
    const sentence = `${'x'.repeat(98)}.`;
    const sentences = Array.from({ length: 12 }, () => sentence);
    const cut = (text: string): number[] => [...read(text).passages].map((piece) => piece.length);
    expect(cut(sentences.map((_, i) => `${i % 10}${sentence.slice(1)}`).join(' '))).toEqual([999, 199]);
    expect(cut(`${'a'.repeat(998)}." ${'b'.repeat(50)}.`)).toEqual([1000, 51]);
    // What ends a sentence is followed by a space.
    expect(cut(`${'a'.repeat(500)}.${'b'.repeat(100)} ${'c'.repeat(600)}`)).toEqual([601, 600]);
    expect(cut(`${'a b '.repeat(200)}\n${'c d '.repeat(200)}`)).toEqual([799, 799]);
    expect(cut('这'.repeat(600).concat('。', '那'.repeat(600), '。'))).toEqual([601, 601]);
    expect(cut('x'.repeat(MOST_PARAGRAPH))).toEqual([MOST_PARAGRAPH]);
    // No half of a character is left.
    expect(passagesOf(`a${'😀'.repeat(700)}`).map((piece) => piece.length)).toEqual([999, 402]);
  });

  test('loses no word and no order, and no piece is longer than it may be', () => {
    const words = fc.array(fc.oneof(fc.stringMatching(/^[a-z]{1,12}[.!]?$/), fc.stringMatching(/^[a-z]{900,1100}$/)), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (paragraphs) => {
        const text = paragraphs.map((some) => some.join(' ')).join('\n\n');
        const { passages, repeated } = read(text);
        expect(passages.every((piece) => piece.length <= MOST_PARAGRAPH && piece.trim() === piece)).toBe(true);
        if (repeated === 0) expect(passages.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      }),
    );
  });
});

test('whatever comes in is a corpus or a list of faults in words, and never a throw', () => {
  const scrap = fc.constantFrom(
    '{',
    '}',
    '[',
    '"',
    '"text"',
    ':',
    '\n',
    '\n\n',
    '\r',
    '#',
    '# ',
    '---',
    '===',
    '. ',
    'a',
    '\ufeff',
    '\0',
    '<b>',
  );
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(scrap, { maxLength: 60 }).map((parts) => parts.join('')),
    fc
      .array(fc.dictionary(fc.constantFrom('text', 'title', '__proto__'), fc.oneof(fc.string(), fc.jsonValue())))
      .map((lines) => lines.map((fields) => JSON.stringify(fields)).join('\n')),
  );
  fc.assert(
    fc.property(content, (bytes) => {
      const corpus = readCorpus(bytes);
      return corpus.ok
        ? corpus.passages.length > 0 && corpus.passages.every((passage) => passage.trim() !== '')
        : corpus.faults.length > 0 &&
            corpus.faults.length <= MOST_FAULTS &&
            corpus.faults.every((fault) => fault.message.length > 10 && !faultText(fault).includes('\n'));
    }),
    { numRuns: 1_000 },
  );
});

test('texts that are made to be slow are read in time (were one quadratic, it would take minutes): one line, headings alone, quotation marks alone', () => {
  for (const text of ['x', '# a\n', '."', '.”', 'a\n', '- \n', '\n', 'Title\n---\n\n']) {
    const corpus = readCorpus(text.repeat(2 ** 20 / text.length));
    expect(corpus.ok || corpus.faults.length > 0).toBe(true);
  }
});
