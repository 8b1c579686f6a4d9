import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page, Route } from '@playwright/test';
import type { Results } from '../src/experiments/results.ts';
import { expect, openView, test } from './lab.fixture.ts';

/** Four runs of a second or less. */
const TINY = {
  version: 1,
  name: 'tiny',
  title: 'Tiny',
  question: 'Does it run?',
  figure: 'comparison',
  base: {
    version: 1,
    device: 'cpu',
    steps: 20,
    evaluation: { every: 10 },
    encoder: { dimensions: 32 },
    supervisor: { width: 16, heads: 2 },
    rollout: { tasksPerStep: 1, trajectoriesPerTask: 8 },
  },
  suites: [{ name: 'diamond', set: { suites: [{ name: 'diamond', train: 1 }] } }],
  arms: [
    { name: 'tb', set: { 'objective.kind': 'tb' } },
    { name: 'grpo', set: { 'objective.kind': 'grpo' } },
  ],
  seeds: [0, 1],
  baseline: 'tb',
};

function openFile(page: Page, content: unknown, name = 'tiny.json'): Promise<void> {
  const buffer = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return page.getByLabel('Open an experiment file').setInputFiles({ name, mimeType: 'application/json', buffer });
}

/** The frame with the report can not be looked into; what it holds is looked at elsewhere. */
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).setLegacyMode().exclude('iframe').analyze();
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target}`));
}

/** The programs of workers that the page asks for: one for its own session, then one for each run. */
class Workers {
  asked = 0;
  #allowed = 0;
  #waiting: Route[] = [];

  async watch(page: Page): Promise<void> {
    await page.route(/\/worker-[^/]*\.js$/, async (route) => {
      this.asked += 1;
      if (this.asked <= this.#allowed) await route.continue();
      else this.#waiting.push(route);
    });
  }

  /** Those beyond the first `count` do not come until they are allowed, so that their run stands still. */
  async allow(count: number): Promise<void> {
    this.#allowed = count;
    for (const route of this.#waiting.splice(0, count - this.asked + this.#waiting.length)) await route.continue();
  }

  /** From here on all come; those that were asked for before are forgotten. */
  begin(): void {
    this.asked = 0;
    this.#allowed = Number.POSITIVE_INFINITY;
    this.#waiting = [];
  }
}

/** For what waits for a run to be made. */
const TRAINED = { timeout: 30_000 };

const panel = (page: Page) => page.getByRole('region', { name: 'Run it here' });

test('an experiment from a file is run, left midway, found again, resumed and saved', async ({ page }) => {
  test.setTimeout(120_000);
  const workers = new Workers();
  await workers.watch(page);
  // The page's own worker and the first run.
  await workers.allow(2);
  await page.goto('./#view=experiments');
  await openFile(page, TINY);
  await expect(page.getByRole('button', { name: 'Tiny (from a file)' })).toHaveAttribute('aria-pressed', 'true');
  await expect(panel(page).getByText('4 runs: 2 arms on 1 suite, 2 seeds.')).toBeVisible();
  await expect(panel(page).getByText(/None of its runs is kept here\. How long they take/)).toBeVisible();
  await panel(page).getByRole('button', { name: 'Start' }).click();

  await expect(panel(page).getByText(/^1 of 4 runs done\. About \d+ s left, by the one run/)).toBeVisible(TRAINED);
  await expect(panel(page).getByText('grpo on diamond, seed 0: step 0 of 20, starting')).toBeVisible();
  // The first results come by themselves, later ones wait for the reader.
  const report = page.frameLocator('iframe');
  await expect(report.getByText('1 of 4 runs finished')).toBeVisible();
  await workers.allow(3);
  await expect(panel(page).getByText(/^2 of 4 runs done\. About \d+ s left, by the mean of 2 runs/)).toBeVisible(
    TRAINED,
  );
  await expect(page.getByText('1 more run since')).toBeVisible();
  await page.getByRole('button', { name: 'Update the report' }).click();
  await expect(report.getByText('2 of 4 runs finished')).toBeVisible();
  await openView(page, 'Flow');
  await expect(page.getByRole('tab', { name: 'Experiments running: 2/4' })).toBeVisible();
  await openView(page, 'Experiments');
  for (const theme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violations(page), `running, ${theme}`).toEqual([]);
  }

  workers.begin();
  await page.reload();
  // What was begun last is shown.
  await expect(panel(page).getByText(/^2 of 4 runs are kept here and are not made again\. One took/)).toBeVisible();
  await expect(panel(page).getByRole('button', { name: 'Discard' })).toBeVisible();
  await panel(page).getByRole('button', { name: 'Resume' }).click();
  await expect(panel(page).getByText(/^All 4 runs are kept here/)).toBeVisible(TRAINED);
  await expect(report.getByText('4 of 4 runs finished')).toBeVisible();
  // The page's own, and the two that were not there.
  expect(workers.asked).toBe(3);
  for (const theme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violations(page), `done, ${theme}`).toEqual([]);
  }

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save results.json' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('tiny.results.json');
  const results: Results = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(results.runs.map(({ arm, seed, status }) => `${arm} ${seed} ${status}`)).toEqual([
    'tb 0 finished',
    'grpo 0 finished',
    'tb 1 finished',
    'grpo 1 finished',
  ]);
  expect(results.summaries.map(({ values }) => values.success?.n)).toEqual([2, 2]);

  await page.getByRole('button', { name: 'Open in Compare' }).click();
  await expect(page.getByText(/^4 of \d chosen\.$/)).toBeVisible();
  await openView(page, 'Experiments');
  await panel(page).getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('button', { name: 'Tiny (from a file)' })).toBeHidden();
});

test('a file that is no experiment is named with its faults', async ({ page }) => {
  await page.goto('./#view=experiments');
  await openFile(page, '{"version": 1', 'cut.json');
  await expect(page.getByText(/^cut\.json is no JSON/)).toBeVisible();
  await openFile(page, { ...TINY, seeds: [0, 'one'], baseline: 7 }, 'odd.json');
  await expect(page.getByText('odd.json is no experiment that can be run.')).toBeVisible();
  await expect(page.getByText(/^seeds\[1\] holds "one"; it may hold an integer/)).toBeVisible();
  await openFile(page, { ...TINY, arms: [{ name: 'tb', set: { 'objective.kind': 'tv' } }] }, 'arm.json');
  await expect(page.getByText(/arm "tb" on "diamond": objective\.kind holds "tv"/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
