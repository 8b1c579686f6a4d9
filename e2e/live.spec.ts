/** Runs over language models in the built page: the small one that ships with it, and one behind a server. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { TestServer } from '../src/executor/endpoint/testServer.fixture.ts';
import { startTestServer } from '../src/executor/endpoint/testServer.fixture.ts';
import type { ConfigInput } from '../src/training/config.ts';
import type { RunRecord } from '../src/training/records.ts';
import { addressOf, expect, openView, runByScript, test, trainToTheEnd } from './lab.fixture.ts';

const LIVE: ConfigInput = {
  version: 1,
  seed: 4,
  device: 'cpu',
  steps: 6,
  evaluation: { every: 3, tasks: 2 },
  suites: [{ name: 'two-hop-qa-live', settings: { steps: 2, countries: 20 }, train: 4, heldOut: 2 }],
  encoder: { dimensions: 64 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb' },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 4, epsilon: 0.1 },
};

const { origin } = new URL('http://127.0.0.1:4319/');
const without = ({ timing: _, ...record }: RunRecord): unknown => record;

function over({ baseURL }: TestServer): ConfigInput {
  // One request at a time, so that a killed tab leaves one unanswered at most; named weights, so that the port is none of the key.
  const endpoint = { baseURL, model: 'm', weights: 'w', concurrency: 1 };
  return { ...LIVE, executor: { kind: 'endpoint', endpoint } };
}

function asked(server: TestServer): string[] {
  return server.seen.flatMap(({ method, body }) => (method === 'POST' ? [JSON.stringify(body)] : []));
}

async function opened(page: Page): Promise<Page> {
  await page.goto('./');
  await expect(page.getByRole('banner')).toBeVisible();
  return page;
}

test('the small model carries out a run in the page, with no download from elsewhere, and the same run again', async ({
  page,
}) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) elsewhere.push(request.url());
  });
  await opened(page);
  const first = await runByScript(page, LIVE);
  expect(first.stopped).toBe('finished');
  expect(first.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  const heldOut = first.evaluations.filter(({ split }) => split === 'heldOut');
  expect(heldOut.map(({ unexplored = 1 }) => unexplored <= 0.02)).toEqual([true, true, true]);
  // Its results are kept: the second time nothing is asked, and nothing is other.
  const again = await runByScript(page, LIVE);
  expect(again.steps).toEqual(first.steps);
  expect(again.evaluations).toEqual(first.evaluations);
  expect(elsewhere).toEqual([]);
});

test('a person reads what the model was asked, finds a call, and asks it again with another prompt', async ({
  page,
}) => {
  await page.goto(`./${addressOf(LIVE)}`);
  await openView(page, 'Executor');
  await expect(page.getByRole('heading', { name: 'No language model in this run' })).toBeVisible();
  await trainToTheEnd(page, 6);
  await expect(page.getByText(/^[\d,]+ calls? made.* tokens read and .* tokens written, .* a call\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'answer', exact: true }).click();
  await expect(page.getByText(/^\d+ of \d+, act answer$/)).toBeVisible();
  await page.getByRole('region', { name: 'Calls' }).getByRole('listitem').first().getByRole('button').click();
  const call = page.getByRole('region', { name: /^Call \d+$/ });
  await call
    .getByRole('textbox')
    .last()
    .fill('Task: What is the currency of the country whose capital is Lima?\nNotes:\n- currency of Peru: Peruvian sol');
  await call.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(call.getByRole('heading', { name: 'Its answer' })).toBeVisible();
  await expect(call.getByText('Peruvian sol').last()).toBeVisible();
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${theme}: ${id} at ${nodes[0].target}`)).toEqual([]);
  }
});

test('a tab that is killed in the middle of a live run asks for nothing again, and ends with the same trajectories', async ({
  browser,
}) => {
  const server = await startTestServer(() => ({ kind: 'none' }), origin);
  const killed = await startTestServer(() => ({ kind: 'none' }), origin);
  try {
    const quiet = await browser.newContext();
    const whole = await runByScript(await opened(await quiet.newPage()), over(server));
    expect(whole.stopped).toBe('finished');
    await quiet.close();

    const context = await browser.newContext();
    const first = await opened(await context.newPage());
    const half = new Promise<void>((resolve) => {
      killed.onCall = () => {
        if (killed.calls > server.calls / 2) resolve();
      };
    });
    const lost = runByScript(first, over(killed)).catch((error: unknown) => String(error));
    await half;
    await first.close();
    expect(await lost).toMatch(/closed/);
    const before = asked(killed);

    const resumed = await runByScript(await opened(await context.newPage()), over(killed), true);
    await context.close();
    // The port is part of the config, and of nothing else.
    expect(without({ ...resumed, config: whole.config })).toEqual(without(whole));
    const all = asked(killed);
    // Only what was unanswered when the tab was killed can have been asked again.
    const again = all.slice(before.length).filter((body) => before.includes(body));
    expect(again.filter((body) => body !== before.at(-1))).toEqual([]);
    expect(new Set(all)).toEqual(new Set(asked(server)));
    expect(new Set(asked(server)).size).toBe(server.calls);
  } finally {
    await server.close();
    await killed.close();
  }
});
