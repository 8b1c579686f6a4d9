/** Measures the small model that ships and writes public/micro/accuracy.json and the tables of docs/micro.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { microInNode } from '../../src/executor/micro/inNode.ts';
import {
  accuracyOf,
  questions,
  skillEffect,
  TOLD,
  TOLD_COUNT,
  TRAINED,
  toldQuestions,
  twoSearches,
} from './accuracy.ts';
import type { MicroSuite } from './data/example.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const [BEGIN, END] = ['<!-- measured: begin -->', '<!-- measured: end -->'];
/** Questions a row. Household plans are long, and `npm test` asks every question again. */
const COUNT = { 'two-hop-qa': 100, 'contest-math': 100, household: 40 } as const;
const WALKS = 200;
const share = (value: number): string => value.toFixed(2);

export async function main([folder]: readonly string[]): Promise<number> {
  const model = await microInNode(folder);
  const acts: { suite: string; act: string; questions: number; train: number; heldOut: number }[] = [];
  for (const [suite, names] of Object.entries(TRAINED) as [MicroSuite, readonly string[]][]) {
    for (const act of names) {
      const train = await accuracyOf(model, questions(suite, act, 'train', COUNT[suite]));
      const heldOut = await accuracyOf(model, questions(suite, act, 'heldOut', COUNT[suite]));
      acts.push({ suite, act, questions: COUNT[suite], train, heldOut });
      process.stderr.write(`${suite} ${act}: ${share(train)} ${share(heldOut)}\n`);
    }
  }
  const skills: { suite: string; act: string; questions: number; with: number; without: number; another: number }[] =
    [];
  for (const [suite, act] of TOLD) {
    const asked = toldQuestions(suite, act, TOLD_COUNT);
    const effect = await skillEffect(model, asked);
    skills.push({ suite, act, questions: asked.length, ...effect });
    process.stderr.write(
      `told ${suite} ${act}: ${share(effect.with)} ${share(effect.without)} ${share(effect.another)}\n`,
    );
  }
  const walks = {
    questions: WALKS,
    train: await twoSearches(model, 'train', WALKS),
    heldOut: await twoSearches(model, 'heldOut', WALKS),
  };
  process.stderr.write(`two searches: ${share(walks.train)} ${share(walks.heldOut)}\n`);
  await model.close();
  if (folder !== undefined) return 0;

  const report = { model: model.id, acts, skills, twoSearches: walks };
  writeFileSync(at('public/micro/accuracy.json'), `${JSON.stringify(report, null, 2)}\n`);
  const tables = [
    `Share of right answers of \`${model.id}\`: ${COUNT['two-hop-qa']} questions a row, ${COUNT.household} of household.`,
    '',
    '| suite | act | training tasks | held-out tasks |',
    '| --- | --- | --- | --- |',
    ...acts.map((row) => `| ${row.suite} | ${row.act} | ${share(row.train)} | ${share(row.heldOut)} |`),
    '',
    `Held-out tasks where the right answer is what the skill's text asks for and would be another without it (${TOLD_COUNT} a row, in wordings that were not trained on): share of answers that are what it asks for.`,
    '',
    "| suite | act | with the skill's text | without a skill | with another skill's text |",
    '| --- | --- | --- | --- | --- |',
    ...skills.map(
      (row) => `| ${row.suite} | ${row.act} | ${share(row.with)} | ${share(row.without)} | ${share(row.another)} |`,
    ),
    '',
    `"Search, search from it, answer from that" solves ${share(walks.train)} of the training questions of two-hop-qa-live and ${share(walks.heldOut)} of the held-out ones (${WALKS} each, no skill).`,
  ];
  const doc = readFileSync(at('docs/micro.md'), 'utf8');
  const [from, to] = [doc.indexOf(BEGIN), doc.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`docs/micro.md lacks "${BEGIN}" or "${END}": put them where the tables go.`);
  writeFileSync(at('docs/micro.md'), `${doc.slice(0, from + BEGIN.length)}\n${tables.join('\n')}\n${doc.slice(to)}`);
  return 0;
}
