import { AxeBuilder } from '@axe-core/playwright';
import { expect, openView, test } from './lab.fixture.ts';

const RECORDED = '**/experiments/collapse.json';

test('an experiment shows what its recorded runs came to, in a frame without scripts', async ({ page }) => {
  await page.goto('./');
  await openView(page, 'Experiments');
  await expect(page.getByRole('button', { name: 'Collapse' })).toHaveAttribute('aria-pressed', 'true');
  const frame = page.locator('iframe');
  await expect(frame).toHaveAttribute('sandbox', '');
  const report = page.frameLocator('iframe');
  await expect(report.getByRole('heading', { level: 1 })).toHaveText('Collapse');
  await expect(report.getByRole('heading', { name: 'Conclusions' })).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the report as one file' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('collapse.html');
});

test('an experiment without recorded results tells how they are made; a broken file is named', async ({ page }) => {
  await page.route(RECORDED, (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto('./#view=experiments');
  await expect(page.getByText('npm run lab -- experiment experiments/collapse.json --out runs/collapse')).toBeVisible();
  await page.route('**/experiments/credit.json', (route) => route.fulfill({ json: { version: 1 } }));
  await page.getByRole('button', { name: 'Credit', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('experiments/credit.json, experiment');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`Experiments has no accessibility violations, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('./#view=experiments');
    await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}
