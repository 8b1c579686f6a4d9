/** Skills that grow in the page, what a person does to them, and runs with evolution that are broken off. */
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Locator, type Page } from '@playwright/test';
import { ensureChromium, SOFTWARE_WEBGPU_FLAGS } from '../scripts/chromium.mjs';
import type { ConfigInput } from '../src/training/config.ts';
import type { RunRecord } from '../src/training/records.ts';
import {
  addressOf,
  EVOLVING,
  expect,
  openView,
  runByScript,
  stepsShown,
  test,
  topBar,
  transport,
} from './lab.fixture.ts';

/** For what waits for a phase, with its trials. */
const HELD = { timeout: 60_000 };

/** What axe objects to in the view, in either theme. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const { violations: objections } = await new AxeBuilder({ page }).include('#view').analyze();
    found.push(...objections.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${theme}: ${id} at ${target}`)));
  }
  return found;
}

const gallery = (page: Page): Locator => page.getByRole('list', { name: 'Skills' });
const detail = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const act = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

function list(page: Page, name: RegExp): Promise<void> {
  return page.getByRole('group', { name: 'What is listed' }).getByRole('button', { name }).click();
}

/** The rows of the log that are of a person, as text. */
async function expectByHand(page: Page, rows: readonly RegExp[]): Promise<void> {
  await list(page, /^Log/);
  await page.getByRole('group', { name: 'Events shown' }).getByRole('button', { name: 'by hand' }).click();
  const log = page.getByRole('region', { name: 'Table of events' }).locator('tbody').getByRole('row');
  await expect(log).toHaveText([...rows]);
  for (const row of await log.all()) await expect(row).toContainText('a person');
}

/** Takes steps ten at a time. */
async function stepTo(page: Page, last: number): Promise<void> {
  for (let step = 10; step <= last; step += 10) {
    await transport(page, /^Step ×10/).click();
    await expect.poll(() => stepsShown(page), HELD).toBe(step);
    await expect(transport(page, /^Step ×10/)).toBeEnabled(HELD);
  }
}

test('a library grows in the page; a person reads it, changes it by hand, and finds all of it after a reload', async ({
  page,
}) => {
  test.setTimeout(180_000);
  page.setDefaultTimeout(20_000);
  await page.goto(`./${addressOf(EVOLVING)}&view=skills`);
  await stepTo(page, 30);

  // Read: the gallery, one skill in full, its event, what was turned down.
  await expect(page.getByText(/^1 skill, invoked in \d+% of all steps of the last phase/)).toBeVisible();
  const grown = 'search-follow';
  await gallery(page).getByRole('button', { name: grown }).click();
  await expect(page).toHaveURL(new RegExp(`skill=${grown}&|skill=${grown}$`));
  const skill = detail(page, grown);
  await expect(skill.getByRole('table', { name: /in nats/ }).getByRole('row', { name: /^g / })).toBeVisible();
  await expect(skill.getByText(/more than the .* asked for: it gains/)).toBeVisible();
  await expect(
    skill.getByRole('img', { name: /^On held-out tasks its share of all steps .* at step 20/ }),
  ).toBeVisible();
  await expect(skill.getByRole('heading', { name: 'Stretches it came from' })).toBeVisible();

  // A walk that it came from, in Credit and in Flow, by keyboard, and back.
  await skill
    .getByRole('button', { name: /^Credit of/ })
    .first()
    .press('Enter');
  await expect(page.getByRole('radio', { name: new RegExp(`^Where ${grown} came from`) })).toBeChecked();
  await expect(page.getByRole('button', { name: `(covered by the plan of ${grown})` })).toHaveCount(2);
  expect(await violations(page), 'a walk in Credit').toEqual([]);
  await page.keyboard.press('ArrowLeft');
  const note = page.getByRole('region', { name: `Where ${grown} came from` });
  await expect(note.getByRole('listitem').filter({ hasText: 'covered by the plan' })).toHaveCount(2);
  await expect(page.getByRole('list', { name: 'Key' }).getByText(`where ${grown} came from`)).toBeVisible();
  expect(await violations(page), 'a walk in Flow').toEqual([]);
  await note.getByRole('button', { name: 'Back to the skill' }).click();

  await skill.getByRole('button', { name: 'Step 10' }).click();
  const event = page.getByRole('region', { name: 'Chosen event' });
  await expect(event.getByRole('heading', { name: `Created: ${grown}` })).toBeVisible();
  await page.getByRole('button', { name: `Step 10. Created: ${grown}` }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(event.getByRole('heading', { name: /^Turned down: to/ })).toBeVisible();
  expect(await violations(page), 'a skill and an event').toEqual([]);
  await list(page, /^Turned down/);
  await expect(page.getByText(/^\d turned down: \d because /)).toBeVisible();
  expect(await violations(page), 'turned down').toEqual([]);
  await event.getByRole('button', { name: 'Close' }).click();

  // By hand, between two steps of the run.
  await list(page, /^Tree/);
  await act(page, 'Pin').click();
  await expect(skill.getByText(/pinned: the flow does not remove it/)).toBeVisible();
  await act(page, 'Edit').click();
  const edit = page.getByRole('form', { name: `Edit ${grown}` });
  await edit.getByLabel('Pitfall').fill('The answer may be none of the two.');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(skill.getByRole('heading', { name: 'What changed' })).toBeVisible();
  await expect(skill.getByRole('insertion').first()).toHaveText('The answer may be none of the two.');
  await act(page, 'Add a skill').click();
  const form = page.getByRole('form', { name: 'A new skill' });
  await form.getByLabel('Name').fill('search-twice');
  await form.getByLabel('Plan').fill('search {a}\nsearch {b}{c}');
  await expect(form.getByText(/^Line 2 of the plan/)).toBeVisible();
  expect(await violations(page), 'a form').toEqual([]);
  await form.getByLabel('Plan').fill('search {a}\nsearch {b}');
  await form.getByRole('button', { name: 'Add it' }).click();
  await expect(detail(page, 'search-twice').getByText('Not measured', { exact: false }).first()).toBeVisible();
  await act(page, 'Remove and forbid').click();
  const forbidden = page.getByRole('region', { name: 'Forbidden plans' });
  await expect(forbidden.getByText('search a')).toBeVisible();
  await list(page, /^Log/);
  await page.getByRole('region', { name: 'Table of events' }).getByRole('button').last().click();
  await act(page, 'Roll back to before it').click();
  await event.getByRole('button', { name: 'Roll back', exact: true }).click();
  await expect(page.getByText(/^2 skills/)).toBeVisible();
  const rows = [
    new RegExp(`By hand: ${grown}.*Pinned by hand`),
    new RegExp(`By hand: ${grown}.*Edited by hand`),
    /By hand: search-twice.*Added by hand/,
    /By hand: search-twice.*Removed by hand, and its plan forbidden/,
    /By hand: search-twice.*Back to the library before event \d+, by hand/,
  ];
  await expectByHand(page, rows);
  expect(await violations(page), 'the log').toEqual([]);
  await list(page, /^Cards/);
  await expect(forbidden).toBeVisible();
  expect(await violations(page), 'cards and forbidden plans').toEqual([]);

  // It trains on with what the person left, and is there after a reload.
  await transport(page, /^Play/).click();
  await expect(topBar(page).getByRole('status').filter({ hasText: 'finished' })).toBeAttached(HELD);
  const names = await gallery(page).getByRole('heading').allTextContents();
  await page.reload();
  await expect(page.getByText('is kept at step 40 of 40')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(gallery(page).getByRole('heading')).toHaveText(names);
  await expect(forbidden).toBeVisible();
  await expectByHand(page, rows);
});

/** All of a record that two runs of one config must have in common. */
function common({ steps, evaluations, library, events, stopped }: RunRecord): Partial<RunRecord> {
  return { steps, evaluations, library, events, stopped };
}

test('a run that is left in the middle of a phase goes on with its library and comes to the same', async ({ page }) => {
  test.setTimeout(180_000);
  // Trials long enough to be seen, and left, on a fast machine.
  const gate = { ...EVOLVING.evolution?.gate, steps: 60 };
  const config: ConfigInput = { ...EVOLVING, steps: 25, evolution: { ...EVOLVING.evolution, gate } };
  await page.goto(`./${addressOf(config)}`);
  const whole = await runByScript(page, config);
  expect(whole.events.map(({ step, kind }) => `${kind} at ${step}`)).toContain('create at 10');

  await page.goto('about:blank');
  await page.goto(`./${addressOf(config)}&view=skills`);
  await transport(page, /^Train/).click();
  await expect.poll(() => stepsShown(page), { ...HELD, intervals: [50] }).toBe(20);
  await expect(topBar(page).getByText(/^evolving the library: Trial of/)).toBeVisible(HELD);
  const names = await gallery(page).getByRole('heading').allTextContents();
  expect(names).not.toEqual([]);
  await page.reload();
  await expect(page.getByText('is kept at step 20 of 25')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(gallery(page).getByRole('heading')).toHaveText(names);
  expect(common(await runByScript(page, config, true))).toEqual(common(whole));
});

test('a GPU process that is killed in the middle of a phase changes nothing in the record', async ({ baseURL }) => {
  test.setTimeout(300_000);
  const config: ConfigInput = { ...EVOLVING, device: 'webgpu', steps: 15 };
  // A browser restarts its GPU process only so often: this one is for this test alone.
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: SOFTWARE_WEBGPU_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`${baseURL}${addressOf(config)}`);
    const undisturbed = await runByScript(page, config);
    expect(undisturbed.device.backend).toBe('webgpu');
    expect(undisturbed.events.length).toBeGreaterThan(0);

    const run = runByScript(page, config);
    await expect(topBar(page).getByText(/^evolving the library: Trial of/)).toBeVisible({
      timeout: 120_000,
    });
    const cdp = await browser.newBrowserCDPSession();
    await cdp.send('Browser.crashGpuProcess');
    await expect(page.getByText('The GPU device is back; the run goes on from step 10.')).toBeVisible(HELD);
    expect(common(await run)).toEqual(common(undisturbed));
    await openView(page, 'Skills');
    await expect(gallery(page).getByRole('heading')).toHaveText(undisturbed.library.map(({ name }) => name));
  } finally {
    await browser.close();
  }
});
