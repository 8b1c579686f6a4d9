import { addressOf, expect, QUICK, test, trainToTheEnd } from './lab.fixture.ts';

test('without storage a run says that nothing will be kept, and is finished all the same', async ({ page }) => {
  // The private file system is opened in the worker, where no script of the page runs first.
  const worker = /\/worker-[^/]*\.js$/;
  let taken = 0;
  await page.route(worker, async (route) => {
    const response = await route.fetch();
    taken += 1;
    await route.fulfill({
      response,
      body: `StorageManager.prototype.getDirectory = undefined;\n${await response.text()}`,
    });
  });
  await page.goto(`./${addressOf({ ...QUICK, device: 'cpu' })}`);
  await trainToTheEnd(page, 100);
  expect(taken).toBe(1);
  await expect(page.getByText(/Nothing will be kept: This browser has no private file system/)).toBeVisible();
  await page.unroute(worker);
  await page.reload();
  await expect(page.getByText(/^Recorded run/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeHidden();
});
