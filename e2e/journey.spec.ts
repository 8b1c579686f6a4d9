/** The whole journey of a newcomer, on WebGPU. */
import type { Page } from '@playwright/test';
import { readFigure } from '../src/lab/flow/figures.ts';
import { addressOf, expect, openView, QUICK, stepsShown, test, topBar, transport } from './lab.fixture.ts';

/** The steps' credits that are on screen, and their sum as it is on screen. */
async function creditsShown(page: Page): Promise<{ readonly credits: number[]; readonly total: number }> {
  const credits = await page.getByTestId('credit').allTextContents();
  return { credits: credits.map(readFigure), total: readFigure((await page.getByTestId('total').textContent()) ?? '') };
}

async function expectCreditsToAddUp(page: Page): Promise<void> {
  await expect(page.getByTestId('total')).toBeVisible();
  const { credits, total } = await creditsShown(page);
  expect(credits.length).toBeGreaterThan(0);
  expect(credits.reduce((sum, credit) => sum + credit, 0)).toBeCloseTo(total, 9);
}

async function toLeast(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('slider', { name }).press('Home');
}

/** What a reader does on each page of "What flows", in order. */
const LESSON: readonly ((page: Page) => Promise<void>)[] = [
  (page) => page.getByRole('button', { name: /^both clues read/ }).click(),
  (page) => page.getByRole('slider', { name: /^β/ }).press('End'),
  (page) => toLeast(page, /into “both clues read”/),
  (page) => toLeast(page, /in “nothing read”/),
  (page) => page.getByRole('button', { name: /^Mend/ }).click(),
  async (page) => {
    await page.getByRole('radio', { name: /left clue, poor answer/ }).check();
    const { total } = await creditsShown(page);
    await toLeast(page, /in “nothing read”/);
    expect((await creditsShown(page)).total).toBe(total);
    await expectCreditsToAddUp(page);
  },
  // The walk by the right clue does not pass there and stays balanced.
  (page) => toLeast(page, /in “left clue read”/),
];

test('a newcomer reads the recorded run and takes the lesson to its end', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByText(/^Recorded run, as of step/)).toBeVisible();
  await expect(topBar(page).getByText('recorded run').first()).toBeVisible();
  await expect(transport(page, /^Reset/), 'there is no run of one’s own').toBeDisabled();
  const steps = await stepsShown(page);
  expect(steps).toBeGreaterThan(0);

  await page.getByRole('button', { name: /^x1 = 7, x2 = 7/ }).click();
  const node = page.getByRole('region', { name: 'The chosen node' });
  await expect(node).toContainText('State: at (7, 7)');
  await expect(node.getByText('P_F, forward')).toBeVisible();
  await openView(page, 'Credit');
  await expectCreditsToAddUp(page);

  await openView(page, 'Lessons');
  for (const [index, act] of LESSON.entries()) {
    await expect(page.getByText(`${index + 1} of ${LESSON.length}`)).toBeVisible();
    await expect(page.getByText('✓ Done')).toBeHidden();
    await act(page);
    await expect(page.getByText('✓ Done')).toBeVisible();
    if (index + 1 < LESSON.length) await page.getByRole('button', { name: 'Next' }).click();
  }
  await expect(page.getByRole('button', { name: 'Start again' })).toBeVisible();
  expect(await stepsShown(page), 'nothing was trained').toBe(steps);
});

test('a run is trained, paused, stepped, read, and resumed after a reload', async ({ page }) => {
  const long = { ...QUICK, steps: 5000, evaluation: { every: 1000 } };
  await page.goto(`./${addressOf(long)}`);
  await expect(page.getByText(/^Recorded run/)).toBeVisible();
  await transport(page, /^Train/).click();
  await expect(topBar(page).getByText('software GPU')).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => stepsShown(page), { timeout: 30_000 }).toBeGreaterThan(3);
  await transport(page, /^Pause/).click();
  await expect(transport(page, /^Play/)).toBeEnabled();
  await expect(topBar(page).getByText('paused').first()).toBeVisible();

  // Pause is answered before the step in progress is done; what the view shows is as of the last step.
  await expect(async () => {
    await expect(page.getByText(`as of step ${await stepsShown(page)}`)).toBeVisible({ timeout: 500 });
  }).toPass();
  const paused = await stepsShown(page);
  await transport(page, /^Step(?! ×)/).click();
  await expect.poll(() => stepsShown(page)).toBe(paused + 1);
  await transport(page, /^Step ×10/).click();
  await expect.poll(() => stepsShown(page)).toBe(paused + 11);
  await expect(page.getByText(`as of step ${paused + 11}`)).toBeVisible();

  await page.getByRole('button', { name: /^both clues read/ }).click();
  const node = page.getByRole('region', { name: 'The chosen node' });
  await expect(node).toContainText('State: both clues read');
  await expect(node.getByText('P_B, backward')).toBeVisible();
  await openView(page, 'Credit');
  await expect(page.getByText(`as of step ${paused + 11}`)).toBeVisible();
  await expectCreditsToAddUp(page);
  const before = await creditsShown(page);

  await page.reload();
  await expect(page.getByText(`is kept at step ${paused + 11} of 5,000`)).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => stepsShown(page), { timeout: 30_000 }).toBe(paused + 11);
  await expect(page.getByText(`as of step ${paused + 11}`)).toBeVisible();
  expect(await creditsShown(page), 'the same policy gives the same credits').toEqual(before);
  await transport(page, /^Step(?! ×)/).click();
  await expect.poll(() => stepsShown(page)).toBe(paused + 12);
});
