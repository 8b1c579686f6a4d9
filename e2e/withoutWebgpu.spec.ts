import { findChromium } from '../scripts/chromium.mjs';
import { addressOf, expect, QUICK, test, topBar, trainToTheEnd } from './lab.fixture.ts';

const executablePath = findChromium();
test.use({
  launchOptions: {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-blink-features=WebGPU'],
  },
});

test('without WebGPU a run says that it computes on the CPU, and learns', async ({ page }) => {
  await page.goto(`./${addressOf({ ...QUICK, optimiser: { lr: 0.02 } })}`);
  await trainToTheEnd(page, 100);
  await expect(topBar(page).getByText('CPU', { exact: true })).toBeVisible();
  await expect(page.getByText(/^(Warning|News): This run computes on the CPU\./)).toBeVisible();
  const caption = (await page.getByText(/^Σ\|π − p\*\| is/).textContent()) ?? '';
  const [now, start] = [/is (\S+) of at most 2/, /from (\S+) at step 0/].map((figure) =>
    Number(figure.exec(caption)?.[1].replace('−', '-')),
  );
  expect(now, caption).toBeLessThan(start / 4);
});
