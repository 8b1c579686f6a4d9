import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { inventedRuns } from '../src/training/inventedRuns.fixture.ts';
import { addressOf, expect, openView, QUICK, test, topBar, trainToTheEnd } from './lab.fixture.ts';

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const file = (name: string, text: string): Upload => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(text),
});

function importRuns(page: Page, files: readonly Upload[]): Promise<void> {
  return page.getByLabel('Import run.json files').setInputFiles([...files]);
}

const kept = (page: Page) => page.getByRole('region', { name: 'Kept runs' });

test('runs that end are kept over a reload, compared, exported and imported again', async ({ page }) => {
  await page.goto(`./${addressOf({ ...QUICK, device: 'cpu' })}`);
  await trainToTheEnd(page, 100);
  await page.goto(`./${addressOf({ ...QUICK, device: 'cpu', objective: { kind: 'tb' } })}`);
  await trainToTheEnd(page, 100);
  await openView(page, 'Compare');
  // Both, and the recorded one.
  await expect(kept(page).getByText('3 of 3 chosen.')).toBeVisible();
  await page.reload();
  await expect(kept(page).getByText('3 of 3 chosen.')).toBeVisible();
  await expect(kept(page).getByText(/recorded beforehand/)).toBeVisible();
  const settings = page.getByRole('region', { name: 'Settings side by side' });
  await expect(settings.getByRole('row', { name: /^Objective tb differs: ttb/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Success', exact: true }).getByRole('img')).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    kept(page)
      .getByRole('button', { name: /^Export/ })
      .last()
      .click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.run\.json$/);
  const path = await download.path();
  await kept(page)
    .getByRole('button', { name: /^Delete [^a]/ })
    .last()
    .click();
  await expect(kept(page).getByText('2 of 2 chosen.')).toBeVisible();
  await page.getByLabel('Import run.json files').setInputFiles(path);
  await expect(kept(page).getByText('3 of 3 chosen.')).toBeVisible();
});

test('a file that is no run is named with its fault, and what was there stays', async ({ page }) => {
  await page.goto('./#view=compare');
  const [good] = inventedRuns(1).map((one) => JSON.stringify(one));
  await importRuns(page, [
    file('good.json', good),
    file('bad.json', good.replace('"loss":', '"lust":')),
    file('cut.json', good.slice(0, 50)),
  ]);
  await expect(page.getByText(/bad\.json: steps\[0\]\.\w+ holds/)).toBeVisible();
  await expect(page.getByText(/cut\.json: it is no JSON/)).toBeVisible();
  await expect(kept(page).getByText('2 of 2 chosen.')).toBeVisible();
});

test('without a database for pages Compare works and says that nothing is kept', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  await page.goto(`./${addressOf({ ...QUICK, device: 'cpu' })}`);
  await trainToTheEnd(page, 100);
  await openView(page, 'Compare');
  await expect(kept(page).getByText(/^Nothing is kept beyond this page: this browser has no database/)).toBeVisible();
  await expect(kept(page).getByText('2 of 2 chosen.')).toBeVisible();
  await expect(topBar(page)).toBeVisible();
});

for (const theme of ['light', 'dark']) {
  test(`axe objects to nothing in Compare, empty and with 24 runs, ${theme}`, async ({ page }) => {
    test.setTimeout(120_000);
    const violations = async (): Promise<string[]> => {
      const found = await new AxeBuilder({ page }).analyze();
      return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target}`));
    };
    await page.goto(`./#view=compare&theme=${theme}`);
    await kept(page).getByRole('listitem').getByRole('checkbox').uncheck();
    await expect(page.getByRole('heading', { name: 'No run is chosen' })).toBeVisible();
    expect(await violations(), 'empty').toEqual([]);
    await importRuns(
      page,
      inventedRuns(8).map((one, i) => file(`${i}.run.json`, JSON.stringify(one))),
    );
    await expect(kept(page).getByText('24 of 25 chosen.')).toBeVisible();
    await page.getByRole('region', { name: 'Loss', exact: true }).getByText('Table').click();
    expect(await violations(), 'three lines').toEqual([]);
    await page.getByLabel('Group by').selectOption('run');
    await kept(page)
      .getByRole('button', { name: /^Delete \d/ })
      .first()
      .click();
    await expect(kept(page).getByRole('button', { name: 'Undo' })).toBeVisible();
    expect(await violations(), 'each run').toEqual([]);
    await kept(page).getByRole('button', { name: 'Delete all' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(), 'the question').toEqual([]);
  });
}
