import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import balance from '../experiments/balance.json' with { type: 'json' };
import { expect, openView, test } from './lab.fixture.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an experiment shows what its recorded runs came to, in a frame without scripts, ${colorScheme}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('./');
    await openView(page, 'Experiments');
    await expect(page.getByRole('button', { name: 'Collapse' })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('iframe')).toHaveAttribute('sandbox', '');
    const report = page.frameLocator('iframe');
    await expect(report.getByRole('heading', { level: 1 })).toHaveText('Collapse');
    await expect(report.getByRole('heading', { name: 'Conclusions' })).toBeVisible();
    // Nothing can be injected into the frame; what it holds is read below.
    const around = await new AxeBuilder({ page }).setLegacyMode().exclude('iframe').analyze();
    expect(around.violations).toEqual([]);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save report.html' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('collapse.report.html');
    await page.setContent(readFileSync(await download.path(), 'utf8'));
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}

test('an experiment without recorded results tells how they are made; a broken file is named', async ({ page }) => {
  await page.route('**/collapse-*.json', (route) => route.fulfill({ json: { version: 1 } }));
  await page.goto('./#view=experiments');
  await expect(page.getByText('experiments/results/collapse.json, experiment')).toBeVisible();
  await page.getByRole('button', { name: 'Balance objectives at their defaults' }).click();
  const report = page.frameLocator('iframe');
  await expect(report.getByText(/ meets? the bar, an L1 of at most 0\.05, in every run/)).toBeVisible();
  await page.getByRole('button', { name: 'Made here' }).click();
  await expect(page.getByText('npm run lab -- experiment experiments/balance.json --out runs/balance')).toBeVisible();
  const file = JSON.stringify({ ...balance, name: 'mine', title: 'Mine' });
  await page
    .getByLabel('Open an experiment file')
    .setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(file) });
  await expect(page.getByText('No results of it came with this page.')).toBeVisible();
  await expect(page.getByText('npm run lab -- experiment mine.json --out runs/mine')).toBeVisible();
});
