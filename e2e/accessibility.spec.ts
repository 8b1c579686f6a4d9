import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { addressOf, expect, QUICK, test, topBar, transport } from './lab.fixture.ts';

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target}`));
}

for (const theme of ['light', 'dark']) {
  test(`no view of the recorded run has anything that axe objects to, ${theme}`, async ({ page }) => {
    for (const [view, there] of [
      ['flow', 'The chosen node'],
      ['credit', 'Credit'],
      ['lessons', 'Stage'],
    ]) {
      await page.goto('about:blank');
      await page.goto(`./#view=${view}&theme=${theme}`);
      await expect(page.getByRole('region', { name: there })).toBeVisible();
      expect(await violations(page), view).toEqual([]);
    }
    const pages = page.getByRole('list', { name: /^Pages of this lesson/ }).getByRole('button');
    for (let i = 1; i < (await pages.count()); i++) {
      await pages.nth(i).click();
      expect(await violations(page), `page ${i + 1} of the lesson`).toEqual([]);
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
