/** Names and descriptions by a language model, where one is connected; by rule where there is none or it fails. */
import { z } from 'zod';
import { describePlan } from './describe.ts';
import type { SkillDraft } from './skill.ts';

/** What a writer writes of a plan; the plan itself is not its to change. */
export interface Written {
  readonly name: string;
  readonly description: string;
  readonly pitfall: string;
}

/** Something that writes about plans, e.g. a language model. Its answer is of unknown origin, whatever it promises. */
export interface Writer {
  /** @param examples rows of acts that the plan stands for */
  write(plan: readonly string[], examples: readonly (readonly string[])[]): Promise<Written>;
}

/** A draft, and why it was written by rule though there is a writer; null where it was not. */
export interface WrittenDraft {
  readonly draft: SkillDraft;
  readonly fault: string | null;
}

const MOST_NAME = 64;
/** A card and a front matter hold this much without being a page. */
const MOST_DESCRIPTION = 400;
const MOST_PITFALL = 240;

const answerSchema = z.object({ name: z.string(), description: z.string(), pitfall: z.string().default('') });

/**
 * The document of a plan as `writer` puts it, cut to fit; as `describePlan` does where there is no writer, it fails, or
 * nothing is left of its name or description. It never rejects.
 * @param examples rows of acts that the plan stands for
 */
export async function writtenDraft(
  writer: Writer | null,
  plan: readonly string[],
  allows: readonly string[] = [],
  examples: readonly (readonly string[])[] = [],
): Promise<WrittenDraft> {
  const draft = describePlan(plan, allows);
  if (writer === null) return { draft, fault: null };
  try {
    const parsed = answerSchema.safeParse(await writer.write(draft.plan, examples));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { draft, fault: `The writer's answer: ${issue.path.join('.') || 'all of it'}: ${issue.message}` };
    }
    const name = asName(parsed.data.name);
    const description = shortened(parsed.data.description, MOST_DESCRIPTION);
    if (name === '') return { draft, fault: "The writer's answer: name: it holds no letter a to z and no digit" };
    if (description === '') return { draft, fault: "The writer's answer: description: it is empty" };
    const pitfall = shortened(parsed.data.pitfall, MOST_PITFALL) || draft.pitfall;
    return { draft: { ...draft, name, description, pitfall }, fault: null };
  } catch (error) {
    return { draft, fault: `The writer failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The words of a name with hyphens between them, as many as fit. */
function asName(text: string): string {
  const words =
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  let name = '';
  for (const word of words) {
    const next = name === '' ? word.slice(0, MOST_NAME) : `${name}-${word}`;
    if (next.length > MOST_NAME) break;
    name = next;
  }
  return name;
}

/** One paragraph: the sentences that fit, or the words that do, with an ellipsis. */
function shortened(text: string, most: number): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  if (line.length <= most) return line;
  const head = line.slice(0, most - 1);
  // A sentence that is cut is no loss where at least half of what fits was said before it.
  const sentence = Math.max(...['. ', '! ', '? '].map((end) => line.slice(0, most + 1).lastIndexOf(end)));
  if (sentence + 1 >= most / 2) return line.slice(0, sentence + 1);
  const space = head.lastIndexOf(' ');
  return `${(space > 0 ? head.slice(0, space) : head).replace(/[\ud800-\udbff]$/, '')}…`;
}
