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
