import { addressOf, expect, QUICK, runByScript, stepsShown, test, transport } from './lab.fixture.ts';

const CONFIG = { ...QUICK, device: 'webgpu', seed: 11 } as const;

test('the same seed gives the same record, bit for bit, also where the page was reloaded at step 50', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto(`./${addressOf(CONFIG)}`);
  const first = await runByScript(page, CONFIG);
  expect(first.device.backend).toBe('webgpu');
  expect(first.steps.map(({ step }) => step)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  const second = await runByScript(page, CONFIG);
  expect(second.steps).toEqual(first.steps);
  expect(second.evaluations).toEqual(first.evaluations);
  const other = await runByScript(page, { ...CONFIG, seed: 12, steps: 10 });
  expect(other.steps).not.toEqual(first.steps.slice(0, 10));

  // A fresh page opens the run of its address at step 0, also where a checkpoint of it is kept.
  await page.goto('about:blank');
  await page.goto(`./${addressOf(CONFIG)}`);
  for (let step = 10; step <= 50; step += 10) {
    await transport(page, /^Step ×10/).click();
    await expect.poll(() => stepsShown(page), { timeout: 30_000 }).toBe(step);
    await expect(transport(page, /^Step ×10/)).toBeEnabled();
  }
  await expect(page.getByText('as of step 50')).toBeVisible();
  await page.reload();
  await expect(page.getByText('is kept at step 50 of 100')).toBeVisible();
  const resumed = await runByScript(page, CONFIG, true);
  expect(resumed.stopped).toBe('finished');
  expect(resumed.steps).toEqual(first.steps);
  expect(resumed.evaluations).toEqual(first.evaluations);
});
