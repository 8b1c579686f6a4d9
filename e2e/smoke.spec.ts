import { expect, test } from '@playwright/test';

test('the built page opens from a sub-path without an error', async ({ page, baseURL }) => {
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  page.on('request', (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(String(baseURL))) elsewhere.push(url);
  });

  await page.goto('./');
  await expect(page).toHaveTitle(/SkillFlow/);
  await expect(page.getByRole('main')).toBeVisible();
  await page.waitForLoadState('networkidle');

  expect(complaints).toEqual([]);
  expect(elsewhere, 'the page asks no other host for anything').toEqual([]);
});

test('the page itself has nothing to scroll in any view, so that the top bar stays in sight', async ({ page }) => {
  await page.goto('./');
  const panel = page.getByRole('tabpanel');
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await expect(panel.getByText(/^Loading/)).toBeHidden();
    await expect(panel.getByRole('heading').first()).toBeVisible();
    const beyond = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    expect(beyond, (await tab.textContent()) ?? '').toBe(0);
  }
});
