/**
 * Skills as SKILL.md files, in the layout that tools for agent skills read (agentskills.io): a folder per skill, named
 * like it, with a front matter in YAML, in which only `name` and `description` are asked for and `metadata` maps texts
 * to texts, and instructions in Markdown.
 *
 *     ## Plan         a numbered list of act texts in backticks
 *     ## Pitfall      what to beware of
 *     ## Constraint   what must hold, and `Allows:` with the kinds of act that the executor checks, in backticks
 *     ## Lineage, ## Statistics   written for a reader; they are not read back
 *
 * Other sections and fields are passed over.
 */
import { parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { describePlan } from './describe.ts';
import { codeSpan, escaped, inOneLine, readCodeSpans, unescaped } from './markdownText.ts';
import { planKey, templateFault } from './plan.ts';
import type { Estimate, Skill, SkillDraft, SkillLineage, SkillStatistics } from './skill.ts';
import { skillDraftSchema } from './skill.ts';

export const SKILL_FILE = 'SKILL.md';
const MOST_BYTES = 64 * 1024;

export interface SkillFile {
  /** With slashes, e.g. `take-heat/SKILL.md`. */
  readonly path: string;
  readonly text: string;
}

/** A file that is no skill: which, where in it, what it holds there, and what it may hold. */
export class BadSkillFile extends Error {
  override readonly name = 'BadSkillFile';
  readonly path: string;
  /** From 1; null where it is the file as a whole. */
  readonly line: number | null;
  constructor(path: string, line: number | null, holds: string, allowed: string) {
    super(`${path}${line === null ? '' : `, line ${line}`}: ${holds}; ${allowed}`);
    this.path = path;
    this.line = line;
  }
}

// Writing.

const HOW_TO_READ =
  'One step does all acts of the plan, in order. A letter in braces stands for one or more words, the same words wherever it stands.';
/** In `metadata`, where the description was made of the plan because nobody wrote one: the format asks for some text. */
const UNDESCRIBED = ['described', 'no'] as const;
const MOST_LISTED = 6;
/** What some readers of YAML take for the end of a line, or for no text at all: it stands as an escape. */
const ODD = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u;

/** The SKILL.md of each skill, in the order of their slots. */
export function libraryFiles(skills: readonly Skill[]): readonly SkillFile[] {
  return skills.map((skill) => ({ path: `${skill.name}/${SKILL_FILE}`, text: printSkill(skill) }));
}

export function printSkill(skill: Skill): string {
  const { name, plan, pitfall, constraint, allows, lineage, statistics } = skill;
  const constraints = [
    ...(constraint === '' ? [] : [escaped(constraint).replaceAll(/^(\s*Allows):/gm, '$1\\:')]),
    ...(allows.length === 0 ? [] : [`Allows: ${allows.map(codeSpan).join(', ')}`]),
  ];
  const sections = [
    `# ${name}\n\n${HOW_TO_READ}`,
    `## Plan\n\n${plan.map((template, i) => `${i + 1}. ${codeSpan(template)}`).join('\n')}`,
    ...(pitfall === '' ? [] : [`## Pitfall\n\n${escaped(pitfall)}`]),
    ...(constraints.length === 0 ? [] : [`## Constraint\n\n${constraints.join('\n\n')}`]),
    `## Lineage\n\n${lineageText(lineage, plan.length)}`,
    ...(statistics === null ? [] : [`## Statistics\n\n${statisticsText(statistics)}`]),
  ];
  return `---\n${frontMatter(skill)}---\n\n${sections.join('\n\n')}\n`;
}

function frontMatter({ name, description, plan, allows, version, slot, pinned, lineage, statistics }: Skill): string {
  const { origin, step, parents } = lineage;
  const isDescribed = description !== '';
  const fields = {
    name,
    description: isDescribed ? description : describePlan(plan, allows).description,
    metadata: {
      version: `${version}`,
      slot: `${slot}`,
      origin,
      step: `${step}`,
      ...(parents.length === 0 ? {} : { parents: inOneLine(parents.join(', ')) }),
      ...(pinned ? { pinned: 'yes' } : {}),
      ...(isDescribed ? {} : { [UNDESCRIBED[0]]: UNDESCRIBED[1] }),
      ...(statistics === null ? {} : { statistics: JSON.stringify(statistics) }),
    },
  };
  const yaml = stringify(fields, {
    // What is no text to older readers is quoted.
    compat: 'yaml-1.1',
    lineWidth: 0,
    blockQuote: false,
    defaultKeyType: 'PLAIN',
    defaultStringType: [description, ...parents].some((text) => ODD.test(text)) ? 'QUOTE_DOUBLE' : 'PLAIN',
  });
  return yaml.replaceAll(new RegExp(ODD, 'gu'), (c) =>
    c === '\n' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const CAME: Readonly<Record<SkillLineage['origin'], string>> = {
  lifted: 'Lifted from solved walks',
  refined: 'Refined',
  merged: 'Merged',
  split: 'Split off',
  imported: 'Imported',
  manual: 'Written by hand',
};

function lineageText({ origin, step, parents, sources }: SkillLineage, length: number): string {
  const from = parents.slice(0, MOST_LISTED).map((parent) => codeSpan(inOneLine(parent, 64) || '?'));
  const lines = sources.slice(0, MOST_LISTED).map(({ suite, text, actions, first, credit }) => {
    const acts = actions.slice(first, first + length).map((act) => codeSpan(inOneLine(act) || '?'));
    return `- ${escaped(inOneLine(suite, 64))}, "${escaped(inOneLine(text))}": ${acts.join(', ')} (credit ${credit.toFixed(2)})`;
  });
  const first = `${CAME[origin]} at step ${step}${from.length === 0 ? '' : `, from ${from.join(', ')}`}.`;
  return [first, ...(lines.length === 0 ? [] : [lines.join('\n')])].join('\n\n');
}

function statisticsText({ step, visits, flowShare, G, J, lambda, g }: SkillStatistics): string {
  const row = (name: string, value: Estimate | null): string =>
    value === null
      ? `| ${name} | | |`
      : `| ${name} | ${value.mean.toFixed(3)} | ${value.low.toFixed(3)} to ${value.high.toFixed(3)} |`;
  return [
    `Measured at step ${step}: ${visits} ${visits === 1 ? 'visit' : 'visits'}, ${(100 * flowShare).toFixed(1)}% of all steps.`,
    '',
    '| measure | mean | interval |',
    '| --- | --- | --- |',
    row('G', G),
    row('J', J),
    row('Lambda~', lambda),
    row('g', g),
  ].join('\n');
}

// Reading.

/**
 * The skills of a library's files: in the order of the slots that they name, then of their paths.
 * @throws BadSkillFile, for two skills with one name or one plan too
 */
export function readSkillFiles(files: readonly SkillFile[]): readonly SkillDraft[] {
  const read = files
    .map(({ path, text }) => ({ path, ...readSkill(text, path) }))
    .sort((a, b) => a.slot - b.slot || (a.path < b.path ? -1 : 1));
  for (const [i, { path, draft }] of read.entries()) {
    const before = read.slice(0, i);
    const named = before.find((other) => other.draft.name === draft.name);
    if (named) {
      const holds = `name holds ${shown(draft.name)}`;
      throw new BadSkillFile(path, null, holds, `that is the name of ${named.path}, and each skill has its own`);
    }
    const key = planKey(draft.plan, draft.allows);
    const same = before.find((other) => planKey(other.draft.plan, other.draft.allows) === key);
    if (same) {
      const holds = `the plan of ${shown(draft.name)} is that of ${shown(same.draft.name)} (${same.path})`;
      throw new BadSkillFile(path, null, holds, 'each skill has a plan of its own');
    }
  }
  return read.map(({ draft }) => draft);
}

/**
 * The skill in a file of unknown origin.
 * @param path for errors
 * @throws BadSkillFile
 */
export function parseSkill(text: string, path: string): SkillDraft {
  return readSkill(text, path).draft;
}

function readSkill(text: string, path: string): { readonly draft: SkillDraft; readonly slot: number } {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MOST_BYTES) {
    throw new BadSkillFile(path, null, `it holds ${bytes} bytes`, `it may hold at most ${MOST_BYTES}`);
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n/);
  const front = readFrontMatter(lines, path);
  const sections = sectionsOf(lines, front.end, path);
  const plan = readPlan(sections.get('plan'), path);
  const pitfall = sections.get('pitfall');
  const constraint = sections.get('constraint');
  const allowed = constraint?.lines.findLastIndex((line) => line.trim() !== '') ?? -1;
  const allows = constraint === undefined ? null : readAllows(constraint.lines[allowed] ?? '');
  const given: Readonly<Record<string, unknown>> = {
    name: front.fields.get('name'),
    description: front.fields.get('description') ?? '',
    plan: plan.map(({ template }) => template),
    pitfall: textOf(pitfall?.lines ?? []),
    constraint: textOf(allows === null ? (constraint?.lines ?? []) : (constraint?.lines.slice(0, allowed) ?? [])),
    allows: allows ?? [],
  };
  const parsed = skillDraftSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [field, item] = issue.path;
    const places: Readonly<Record<string, number | undefined>> = {
      name: front.lineOf('name'),
      description: front.lineOf('description'),
      plan: typeof item === 'number' ? plan[item].line : sections.get('plan')?.line,
      pitfall: pitfall?.line,
      constraint: constraint?.line,
      allows: constraint && constraint.line + 1 + allowed,
    };
    const whole = given[String(field)];
    const value = typeof item === 'number' && Array.isArray(whole) ? whole[item] : whole;
    const holds = `${String(field)} holds ${shown(value)}`;
    throw new BadSkillFile(path, places[String(field)] ?? null, holds, allowedBy(issue));
  }
  for (const { template, line } of plan) {
    const fault = templateFault(template);
    if (fault !== null) throw new BadSkillFile(path, line, `the plan holds ${shown(template)}`, fault);
  }
  const draft = parsed.data;
  const metadata = front.fields.get('metadata');
  const [marker, no] = UNDESCRIBED;
  const isMadeUp =
    metadata instanceof Map &&
    metadata.get(marker) === no &&
    draft.description === describePlan(draft.plan, draft.allows).description;
  const slot = metadata instanceof Map ? metadata.get('slot') : undefined;
  return {
    draft: isMadeUp ? { ...draft, description: '' } : draft,
    slot: typeof slot === 'string' && /^\d{1,4}$/.test(slot) ? Number(slot) : Number.MAX_SAFE_INTEGER,
  };
}

interface FrontMatter {
  readonly fields: ReadonlyMap<unknown, unknown>;
  /** Index of the line that ends it. */
  readonly end: number;
  lineOf(field: string): number | undefined;
}

function readFrontMatter(lines: readonly string[], path: string): FrontMatter {
  const fence = (line: string): boolean => line.trimEnd() === '---';
  const needed = 'it begins with a line ---, the fields name and description as YAML, and another line ---';
  if (!fence(lines[0])) throw new BadSkillFile(path, 1, `it begins with ${shown(lines[0])}`, needed);
  const end = lines.findIndex((line, i) => i > 0 && fence(line));
  if (end < 0) throw new BadSkillFile(path, 1, 'its front matter has no end', needed);
  const inside = lines.slice(1, end);
  const fault = (line: number, error: string) =>
    new BadSkillFile(path, line, `its front matter is no YAML (${error})`, needed);
  let fields: unknown;
  try {
    // Every scalar is a text, as in the format: a name of digits is a name.
    const document = parseDocument(inside.join('\n'), { schema: 'failsafe', prettyErrors: true, logLevel: 'error' });
    const [error] = document.errors;
    if (error)
      throw fault(1 + (error.linePos?.[0].line ?? 1), error.message.split('\n')[0].replace(/ at line .*$/, ''));
    fields = document.toJS({ mapAsMap: true });
  } catch (error) {
    if (error instanceof BadSkillFile) throw error;
    // Too many aliases, or lists within lists without end.
    throw fault(2, error instanceof Error ? error.message : String(error));
  }
  if (!(fields instanceof Map)) throw new BadSkillFile(path, 2, `its front matter holds ${shown(fields)}`, needed);
  return {
    fields,
    end,
    lineOf: (field) => {
      const at = inside.findIndex((line) => line.startsWith(`${field}:`) || line.startsWith(`"${field}":`));
      return at < 0 ? undefined : at + 2;
    },
  };
}

interface Section {
  /** The line of its heading, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** What stands under each heading of the second level, by its name in small letters; headings in fences are none. */
function sectionsOf(lines: readonly string[], from: number, path: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, { readonly line: number; readonly lines: string[] }>();
  let fence: string | null = null;
  let here: string[] | null = null;
  for (const [i, line] of lines.entries()) {
    if (i <= from) continue;
    const mark = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && fence === null) fence = mark;
    else if (mark !== undefined && fence !== null && mark.startsWith(fence)) fence = null;
    const heading = fence === null ? /^ {0,3}(##?)\s+(.*?)\s*#*\s*$/.exec(line) : null;
    if (!heading) {
      here?.push(line);
      continue;
    }
    const [, level, title] = heading;
    here = null;
    if (level !== '##') continue;
    const name = title.toLowerCase();
    const held = sections.get(name);
    if (held) {
      const holds = `it has a second section ${shown(title)}`;
      throw new BadSkillFile(path, i + 1, holds, `there may be one of a name; the first is in line ${held.line}`);
    }
    here = [];
    sections.set(name, { line: i + 1, lines: here });
  }
  return sections;
}

/** The text of a section, without the blank lines around it. */
function textOf(lines: readonly string[]): string {
  return unescaped(lines.join('\n').trim());
}

const ASKED = 'a numbered list of act texts in backticks, e.g. 1. `take {a} from the {b}`';

function readPlan(
  section: Section | undefined,
  path: string,
): readonly { readonly template: string; readonly line: number }[] {
  if (!section) throw new BadSkillFile(path, null, 'it has no section ## Plan', `there it says what is done: ${ASKED}`);
  const items = section.lines.flatMap((text, i) => {
    const item = /^\s*\d+[.)]\s+(.*)$/.exec(text)?.[1];
    if (item === undefined) return [];
    const line = section.line + 1 + i;
    const spans = readCodeSpans(item);
    if (spans?.length !== 1) throw new BadSkillFile(path, line, `the plan holds ${shown(item)}`, `it is ${ASKED}`);
    return [{ template: spans[0], line }];
  });
  if (items.length === 0) throw new BadSkillFile(path, section.line, 'the plan holds no acts', `it is ${ASKED}`);
  return items;
}

/** The kinds of act in a line `Allows: ...`; null where it is another line. */
function readAllows(line: string): readonly string[] | null {
  const list = /^\s*Allows:(.*)$/.exec(line)?.[1];
  return list === undefined ? null : readCodeSpans(list);
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

function allowedBy(issue: z.core.$ZodIssue): string {
  const many = (origin: string): string => (origin === 'array' ? 'entries' : 'characters');
  if (issue.code === 'too_big') return `it may hold at most ${issue.maximum} ${many(issue.origin)}`;
  if (issue.code === 'too_small') return `it holds at least ${issue.minimum} ${many(issue.origin)}`;
  return `it may hold ${issue.code === 'invalid_format' ? issue.message : 'a text'}`;
}
