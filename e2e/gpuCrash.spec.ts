import { chromium } from '@playwright/test';
import { ensureChromium, SOFTWARE_WEBGPU_FLAGS } from '../scripts/chromium.mjs';
import { addressOf, expect, QUICK, runByScript, test } from './lab.fixture.ts';

const CONFIG = { ...QUICK, device: 'webgpu', steps: 200 } as const;

test('a GPU process that is killed in the middle of a run changes nothing in its record', async ({ baseURL }) => {
  test.setTimeout(120_000);
  // A browser restarts its GPU process only so often: this one is for this test alone.
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: SOFTWARE_WEBGPU_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`${baseURL}${addressOf(CONFIG)}`);
    const undisturbed = await runByScript(page, CONFIG);
    expect(undisturbed.stopped).toBe('finished');
    expect(undisturbed.device.backend).toBe('webgpu');

    const run = runByScript(page, CONFIG);
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const stop = globalThis.lab?.onStep(({ step }) => {
            if (step < 60) return;
            stop?.();
            resolve();
          });
        }),
    );
    const cdp = await browser.newBrowserCDPSession();
    await cdp.send('Browser.crashGpuProcess');
    const lost = page.getByText(/The GPU device was lost; asking for a new one, to go on from step \d+\./);
    const step = Number(/step (\d+)/.exec((await lost.textContent()) ?? '')?.[1]);
    expect(step, 'in the middle of the run').toBeLessThan(CONFIG.steps);
    await expect(page.getByText(`The GPU device is back; the run goes on from step ${step}.`)).toBeVisible({
      timeout: 30_000,
    });
    const disturbed = await run;
    expect(disturbed.stopped).toBe('finished');
    expect(disturbed.device).toEqual(undisturbed.device);
    expect(disturbed.steps).toEqual(undisturbed.steps);
    expect(disturbed.evaluations).toEqual(undisturbed.evaluations);
  } finally {
    await browser.close();
  }
});
