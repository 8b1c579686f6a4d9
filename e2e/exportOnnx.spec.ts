import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { addressOf, expect, openView, QUICK, test, trainToTheEnd } from './lab.fixture.ts';

test('a trained run is exported as ONNX: verified, saved, with everything from the site itself', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`./${addressOf({ ...QUICK, device: 'cpu' })}`);
  await trainToTheEnd(page, 100);
  await openView(page, 'Compare');
  expect(asked.filter((url) => url.endsWith('.wasm'))).toEqual([]);
  await page.getByRole('button', { name: 'Export as ONNX' }).click();
  const dialog = page.getByRole('dialog', { name: 'Verified export' });
  await expect(dialog.getByText(/gives what the lab gives on 4 states of 1 task/)).toBeVisible({ timeout: 30_000 });
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations).toEqual([]);

  const saved = async (name: string): Promise<Buffer> => {
    const save = dialog.getByText(`Save ${name}`, { exact: true });
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
    expect(download.suggestedFilename()).toBe(name);
    return readFileSync(await download.path());
  };
  expect((await saved('policy.onnx')).includes('logPF')).toBe(true);
  expect((await saved('backward.onnx')).includes('logPB')).toBe(true);
  expect((await saved('supervisor.js')).toString()).toContain('policyFeeds');
  const about = JSON.parse((await saved('supervisor.json')).toString());
  expect(about).toMatchObject({ step: 100, check: { verified: true, states: 4 } });

  const site = new URL('./', page.url()).href;
  expect(asked.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
  expect(asked.filter((url) => !url.startsWith(site) && !/^(blob|data):/.test(url))).toEqual([]);
});
