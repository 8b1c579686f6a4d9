import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { addressOf, expect, QUICK, test, topBar, transport } from './lab.fixture.ts';

/** What axe objects to, in the whole page or in one part of it. */
async function violations(page: Page, part = 'html'): Promise<string[]> {
  const found = await new AxeBuilder({ page }).include(part).analyze();
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target}`));
}

for (const theme of ['light', 'dark']) {
  test(`no view of the recorded run has anything that axe objects to, ${theme}`, async ({ page }) => {
    test.setTimeout(120_000);
    for (const [view, there] of [
      ['flow', 'The chosen node'],
      ['credit', 'Credit'],
      ['skills', 'No skills'],
      ['lessons', 'Stage'],
    ]) {
      await page.goto('about:blank');
      await page.goto(`./#view=${view}&theme=${theme}`);
      await expect(page.getByRole('region', { name: there })).toBeVisible();
      expect(await violations(page), view).toEqual([]);
    }
    // Between them these pages have every control and every picture of the lesson.
    for (const title of ['Reward is what flows out', 'Balance, and how to break it', 'Now fool it']) {
      await page.getByRole('button', { name: title }).click();
      await expect(page.getByRole('heading', { level: 2 })).toHaveText(title);
      expect(await violations(page, '#view'), title).toEqual([]);
    }
  });

  test(`nor has a run with its messages, its graph and a question, ${theme}`, async ({ page }) => {
    const address = addressOf({ ...QUICK, device: 'cpu', steps: 30 });
    await page.goto(`./${address}&theme=${theme}&view=nowhere`);
    await expect(page.getByText(/“nowhere” should be one of/)).toBeVisible();
    await transport(page, /^Train/).click();
    await expect(topBar(page).getByText('finished').first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('as of step 30')).toBeVisible();
    for (const group of await page.getByRole('complementary', { name: 'Settings' }).locator('details').all()) {
      await group.evaluate((details: HTMLDetailsElement) => {
        details.open = true;
      });
    }
    expect(await violations(page), 'flow').toEqual([]);
    await page.getByRole('tab', { name: 'Credit' }).click();
    await expect(page.getByTestId('total')).toBeVisible();
    expect(await violations(page), 'credit').toEqual([]);
    await transport(page, /^Reset/).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page), 'the question before a reset').toEqual([]);
  });
}
