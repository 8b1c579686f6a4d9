import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { arbitrarySkill, arbitraryText, skillOf } from './arbitrarySkill.fixture.ts';
import { codeSpan, escaped, readCodeSpans, unescaped } from './markdownText.ts';
import type { Skill, SkillDraft } from './skill.ts';
import { BadSkillFile, libraryFiles, parseSkill, printSkill, readSkillFiles } from './skillFile.ts';

const RUNS = { seed: 1, numRuns: 1000 };

const draftIn = ({ name, description, plan, pitfall, constraint, allows }: Skill): SkillDraft => ({
  name,
  description,
  plan,
  pitfall,
  constraint,
  allows,
});

const heat = skillOf('take-heat', 3, ['take {a} from the {b}', 'heat {a} with the {c}'], {
  description: 'Heats a thing: "take", then "heat".',
  pitfall: 'Both acts are done or none.',
  constraint: 'Only where there is a stove.',
  allows: ['heat', 'take'],
  version: 2,
  pinned: true,
  lineage: {
    origin: 'refined',
    step: 120,
    parents: ['take'],
    sources: [
      {
        suite: 'household',
        split: 'train',
        task: 4,
        text: 'put a hot mug on the desk',
        actions: ['go to the kitchen', 'take mug from the sink', 'heat mug with the stove', 'go to the study'],
        first: 1,
        credit: 2.345,
      },
    ],
  },
  statistics: {
    step: 240,
    visits: 31,
    flowShare: 0.042,
    G: { mean: -0.5, low: -0.75, high: -0.25 },
    J: null,
    lambda: { mean: 0.25, low: 0, high: 0.5 },
    g: { mean: 0.125, low: 0, high: 0.25 },
  },
});

const file = (front: string, body: string): string => `---\n${front}\n---\n\n${body}\n`;
const PLAN = '## Plan\n\n1. `go home`';

function faultOf(text: string): string {
  try {
    parseSkill(text, 'a/SKILL.md');
  } catch (error) {
    if (error instanceof BadSkillFile) return error.message;
    throw error;
  }
  return 'none';
}

describe('a text in Markdown', () => {
  test('comes back as it was, and neither ends its section nor begins another', () => {
    fc.assert(
      fc.property(arbitraryText, (text) => {
        const markdown = escaped(text);
        expect(unescaped(markdown)).toBe(text);
        expect(markdown.trim()).toBe(markdown);
        for (const line of markdown.split('\n')) expect(line).not.toMatch(/^\s*(#|```|~~~|(-+|=+)\s*$)/);
      }),
      RUNS,
    );
  });

  test('keeps what is no escape', () => {
    expect(unescaped('C:\\temp \\# &amp; &#9999999; &#65;')).toBe('C:\\temp # &amp; &#9999999; A');
  });

  test('in a code span comes back whatever backticks it holds', () => {
    const inside = fc
      .string({ unit: fc.constantFrom('`', ' ', 'a', ',', '{'), minLength: 1, maxLength: 8 })
      .filter((text) => text.trim() !== '' || text === ' ');
    fc.assert(
      fc.property(fc.array(inside, { minLength: 1, maxLength: 3 }), (texts) => {
        expect(readCodeSpans(texts.map(codeSpan).join(', '))).toEqual(texts);
      }),
      RUNS,
    );
    for (const text of ['', 'a', '`a', '`a``', '`a` `b`', '`a`, ']) expect(readCodeSpans(text)).toBeNull();
  });
});

describe('a skill as a file', () => {
  test('is what agent tools read: front matter with texts alone, and a body under headings', () => {
    const text = printSkill(heat);
    const [, front, body] = text.split(/^---$/m);
    const { statistics, ...metadata } = parse(front).metadata;
    expect({ ...parse(front), metadata }).toEqual({
      name: 'take-heat',
      description: 'Heats a thing: "take", then "heat".',
      metadata: { version: '2', slot: '3', origin: 'refined', step: '120', parents: 'take', pinned: 'yes' },
    });
    expect(JSON.parse(statistics)).toEqual(heat.statistics);
    expect(body).toBe(`

# take-heat

One step does all acts of the plan, in order. A letter in braces stands for one or more words, the same words wherever it stands.

## Plan

1. \`take {a} from the {b}\`
2. \`heat {a} with the {c}\`

## Pitfall

Both acts are done or none.

## Constraint

Only where there is a stove.

Allows: \`heat\`, \`take\`

## Lineage

Refined at step 120, from \`take\`.

- household, "put a hot mug on the desk": \`take mug from the sink\`, \`heat mug with the stove\` (credit 2.35)

## Statistics

Measured at step 240: 31 visits, 4.2% of all steps.

| measure | mean | interval |
| --- | --- | --- |
| G | -0.500 | -0.750 to -0.250 |
| J | | |
| Lambda~ | 0.250 | 0.000 to 0.500 |
| g | 0.125 | 0.000 to 0.250 |
`);
  });

  test('is read back as it was written, whatever its texts are', () => {
    fc.assert(
      fc.property(arbitrarySkill, (skill) => {
        const text = printSkill(skill);
        expect(parseSkill(text, 'a/SKILL.md')).toEqual(draftIn(skill));
        expect(parseSkill(text.replaceAll('\n', '\r\n'), 'a/SKILL.md')).toEqual(draftIn(skill));
        // Readers of both versions of YAML see texts alone.
        for (const version of ['1.1', '1.2'] as const) {
          const { name, description, metadata } = parse(text.split(/^---$/m)[1], { version });
          expect([name, typeof description]).toEqual([skill.name, 'string']);
          expect(description).not.toBe('');
          expect(Object.values(metadata).every((value) => typeof value === 'string')).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('keeps words of its constraint that look like the list of kinds', () => {
    for (const constraint of ['Allows: `go`', 'Ask.\n\nAllows: `go`, `take`', ' Allows:', 'Allows\\: `go`']) {
      for (const allows of [[], ['open']]) {
        const skill = { ...heat, constraint, allows };
        expect(parseSkill(printSkill(skill), 'a/SKILL.md')).toEqual(draftIn(skill));
      }
    }
  });

  test('has a description where nobody wrote one, and is read back without; one that was written since stays', () => {
    const text = printSkill(skillOf('a', 0, ['go home']));
    const { description } = parse(text.split(/^---$/m)[1]);
    expect(description).toContain('go home');
    expect(parseSkill(text, 'a/SKILL.md').description).toBe('');
    expect(parseSkill(text.replace(/^description: .*$/m, 'description: Goes home.'), 'a/SKILL.md').description).toBe(
      'Goes home.',
    );
  });

  test('is small enough to be read, however long its texts are', () => {
    const long = '\u0001'.repeat(1024);
    const source = { ...heat.lineage.sources[0], text: '#'.repeat(4096), actions: Array(99).fill('`'.repeat(4096)) };
    const skill: Skill = {
      ...heat,
      description: long,
      pitfall: ' '.repeat(1024),
      constraint: '\ufeff'.repeat(1024),
      plan: Array.from({ length: 8 }, (_, i) => `${i}${'水'.repeat(198)}`),
      lineage: { ...heat.lineage, parents: Array(99).fill(long), sources: Array(99).fill(source) },
    };
    expect(parseSkill(printSkill(skill), 'a/SKILL.md')).toEqual(draftIn(skill));
  });
});

describe('a file of unknown origin', () => {
  test('may hold more than is read, and needs no more than a name and a plan', () => {
    const front = 'name: 7\nlicense: MIT\nallowed-tools: [Read]\nmetadata:\n  tags: [a, b]';
    const body = 'Hello.\n\n## PLAN\nIn order:\n 1) ``go `home` now``\n\n## Notes\n```sh\n## Plan\n```\n\n### Plan\n';
    expect(parseSkill(`\ufeff${file(front, body)}`, 'a/SKILL.md')).toEqual({
      name: '7',
      description: '',
      plan: ['go `home` now'],
      pitfall: '',
      constraint: '',
      allows: [],
    });
  });

  test('says what it holds, where, and what it may hold', () => {
    const faults: readonly (readonly [text: string, fault: RegExp])[] = [
      ['', /^a\/SKILL\.md, line 1: it begins with ""; it begins with a line ---/],
      ['# A skill', /line 1: it begins with "# A skill"; /],
      ['---\nname: a\n', /line 1: its front matter has no end; /],
      [file('name: "a', PLAN), /line \d: its front matter is no YAML \(Missing closing "quote\); /],
      [file('name: a\nname: b', PLAN), /line 3: its front matter is no YAML \(Map keys must be unique\); /],
      [file('- a', PLAN), /line 2: its front matter holds \["a"\]; /],
      [file('', PLAN), /line 2: its front matter holds null; /],
      [file('description: b', PLAN), /SKILL\.md: name holds nothing; it may hold a text$/],
      [file('description: b\nname: Take It', PLAN), /line 3: name holds "Take It"; it may hold lower-case letters/],
      [file('name: [a]', PLAN), /line 2: name holds \["a"\]; it may hold a text$/],
      [file(`name: ${'a'.repeat(65)}`, PLAN), /line 2: name holds "a+"; it may hold at most 64 characters$/],
      [file('name: a', 'Hello.'), /SKILL\.md: it has no section ## Plan; there it says what is done: a numbered list/],
      [file('name: a', '## Plan\n\nGo home.'), /line 5: the plan holds no acts; it is a numbered list/],
      [file('name: a', '## Plan\n\n1. go home'), /line 7: the plan holds "go home"; it is a numbered list/],
      [file('name: a', '## Plan\n\n1. `go`\n2. `{a} b`'), /line 8: the plan holds "\{a\} b"; a template begins with/],
      [file('name: a', `${PLAN}\n2. \`${'a'.repeat(201)}\``), /line 8: plan holds "a+\.\.\.; it may hold at most 200/],
      [file('name: a', `## Plan\n${'1. `go home`\n'.repeat(9)}`), /line 5: plan holds \[.*at most 8 entries$/],
      [file('name: a', `${PLAN}\n\n${PLAN}`), /line 9: it has a second section "Plan"; .* is in line 5$/],
      [file('name: a', `${PLAN}\n\n## Pitfall\n${'a'.repeat(1025)}`), /line 9: pitfall holds .* at most 1024 char/],
      [file('name: a', `${PLAN}\n## Constraint\nb\nAllows: \`${'a'.repeat(41)}\``), /line 10: allows holds .* 40 char/],
      [
        file('name: a', `${PLAN}\n${'é'.repeat(33_000)}`),
        /SKILL\.md: it holds 660\d\d bytes; it may hold at most 65536$/,
      ],
      [file(`name: ${'['.repeat(30_000)}`, PLAN), /line \d+: its front matter is no YAML/],
    ];
    for (const [text, fault] of faults) expect(faultOf(text)).toMatch(fault);
    expect(faultOf(file('name: a', PLAN))).toBe('none');
  });

  test('is not unfolded where its aliases grow without end', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [i, letter] of [...'bcdefghi'].entries()) {
      const last = 'abcdefgh'[i];
      bomb.push(`${letter}: &${letter} [${Array(9).fill(`*${last}`).join()}]`);
    }
    expect(faultOf(file(`name: a1\n${bomb.join('\n')}`, PLAN))).toMatch(/is no YAML \(Excessive alias count/);
  });
});

describe('the files of a library', () => {
  test('stand in folders named like the skills, and are read back in the order of the slots', () => {
    const skills = [skillOf('zeta', 0, ['go home']), skillOf('alpha', 2, ['go out']), skillOf('beta', 11, ['go on'])];
    const files = libraryFiles(skills);
    expect(files.map(({ path }) => path)).toEqual(['zeta/SKILL.md', 'alpha/SKILL.md', 'beta/SKILL.md']);
    expect(readSkillFiles(files.toReversed())).toEqual(skills.map(draftIn));
  });

  test('that name no slot come in the order of their paths, after those that do', () => {
    const files = [
      { path: 'b/SKILL.md', text: file('name: b', PLAN) },
      { path: 'a/SKILL.md', text: file('name: a', '## Plan\n1. `go out`') },
      { path: 'c/SKILL.md', text: printSkill(skillOf('c', 5, ['go on'])) },
    ];
    expect(readSkillFiles(files).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });

  test('may hold no name twice and no plan twice', () => {
    const [a, b] = ['a', 'b'].map((name) => ({ path: `${name}/SKILL.md`, text: file(`name: ${name}`, PLAN) }));
    const other = { path: 'z/SKILL.md', text: file('name: a', '## Plan\n1. `go out`') };
    expect(() => readSkillFiles([a, b])).toThrow(/^b\/SKILL\.md: the plan of "b" is that of "a" \(a\/SKILL\.md\); /);
    expect(() => readSkillFiles([other, a])).toThrow(/^z\/SKILL\.md: name holds "a"; that is the name of a\/SKILL\.md/);
    const renamed = { path: 'c/SKILL.md', text: file('name: c', '## Plan\n1. `go {x} to {y}`') };
    const same = { path: 'd/SKILL.md', text: file('name: d', '## Plan\n1. `go {a} to {b}`') };
    expect(() => readSkillFiles([renamed, same])).toThrow(BadSkillFile);
  });
});
