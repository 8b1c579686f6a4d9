import {
  addressOf,
  expect,
  QUICK,
  runByScript,
  stepsShown,
  test,
  topBar,
  trainToTheEnd,
  transport,
} from './lab.fixture.ts';

test('a bad address is named field by field, and the rest of it holds', async ({ page }) => {
  await page.goto('./#preset=diamond&objective.kind=tbb&seed=7&view=credit&task=first&theme=dark');
  const warning = page.getByRole('status').filter({ hasText: 'Not all of the address could be used.' });
  await expect(warning).toContainText('objective.kind');
  await expect(warning).toContainText('ttb');
  await expect(warning).toContainText('task: “first” should be a split and a number, such as heldOut.3.');
  await expect(page.getByRole('tab', { name: 'Credit' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByText(/^Recorded run/)).toBeVisible();
});

test('a bad config is refused by the path of its field, and what was there stays', async ({ page }) => {
  await page.goto(`./${addressOf({ ...QUICK, device: 'cpu' })}`);
  await trainToTheEnd(page, 100);
  const address = page.url();

  await expect(runByScript(page, { ...QUICK, objective: { kind: 'tbb' } })).rejects.toThrow(
    /BadConfig: .*objective\.kind holds "tbb"; it may hold one of "ttb", "ttb-paper", "tb", "vargrad", "db"/s,
  );
  const grid = { name: 'hypergrid', settings: { dimensions: 4, height: 500 }, train: 1 };
  await expect(runByScript(page, { ...QUICK, suites: [grid] })).rejects.toThrow(/BadConfig: .*suites\[0\]/s);
  expect(await stepsShown(page)).toBe(100);
  expect(page.url()).toBe(address);
  await expect(page.getByText('as of step 100')).toBeVisible();

  // In the settings too: the field says what is wrong, and Train starts nothing.
  const seed = page.getByRole('textbox', { name: 'Seed' });
  await seed.fill('minus one');
  await expect(page.getByText(/^seed /).first()).toBeVisible();
  await transport(page, /^Train/).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The settings cannot be run: seed' })).toBeVisible();
  expect(await stepsShown(page)).toBe(100);
  await expect(topBar(page).getByText('finished').first()).toBeVisible();
});
