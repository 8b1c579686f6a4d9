import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { inventedRuns } from '../../training/inventedRuns.fixture.ts';
import '../app.css';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { ComparePanel } from './ComparePanel.tsx';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

async function show(seeds: number, hash = '', runs: readonly unknown[] = inventedRuns(seeds)) {
  const shelf = emptyShelf();
  const url = readUrl(hash, TEST_PRESETS).state;
  const lab = createLab({ session: new FakeSession(), presets: TEST_PRESETS, memory: fakeMemory(), url });
  await shelf.getState().importFiles(runs.map((one, i) => ({ name: `Run ${i}.run.json`, text: JSON.stringify(one) })));
  const element = document.createElement('div');
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf }}>
      <ComparePanel />
    </LabContext>,
  );
  return { lab, shelf };
}

const plot = (name: string) => page.getByRole('region', { name, exact: true });
const results = () => page.getByRole('region', { name: 'Last evaluations' });
const firstColumn = () =>
  results()
    .getByRole('rowheader')
    .elements()
    .map((element) => element.textContent?.trim());

it('says what to do where there is nothing to compare, and that nothing is kept', async () => {
  await show(0);
  await expect.element(page.getByRole('heading', { name: 'No run to compare yet' })).toBeVisible();
  await expect.element(page.getByText(/Nothing is kept beyond this page: this is a test/)).toBeVisible();
});

it('says that success of runs over a language model counts what was not asked as failed', async () => {
  const live = inventedRuns(1).map((run) => ({
    ...run,
    evaluations: (run.evaluations as readonly object[]).map((one) => ({ ...one, unexplored: 0.02 })),
  }));
  await show(1, '', live);
  await expect.element(page.getByText(/success is at most 0\.02 larger\./)).toBeVisible();
});

it('draws a line per objective, told in words and in a table', async () => {
  await show(3);
  const success = plot('Success');
  await expect.element(success.getByText(/^At the end \(n = 3\): ttb /)).toBeVisible();
  await expect.element(page.getByRole('list', { name: 'Key' }).getByText('n = 3').first()).toBeVisible();
  await success.getByText('Table').click();
  await expect.element(success.getByRole('columnheader', { name: 'grpo' })).toBeVisible();
  await expect.element(success.getByRole('cell', { name: /n = 3/ }).first()).toBeVisible();
  await expect.element(plot('Error of log Z').getByText(/Undefined for grpo: the objective has no head/)).toBeVisible();
});

it('reads all plots at one step', async () => {
  const { lab } = await show(1);
  await expect.element(plot('Success').getByText(/^ttb 0\.6/)).toBeVisible();
  lab.getState().hover(0);
  await expect.element(plot('Success').getByText(/^ttb 0\.1|^ttb 0\.2/)).toBeVisible();
  await expect.element(page.getByText('At step 0')).toBeVisible();
});

it('sorts its results by mouse and by keyboard', async () => {
  await show(2);
  const head = results().getByRole('button', { name: /^L1/ });
  await head.click();
  expect(firstColumn()).toEqual(['ttb', 'tb', 'grpo']);
  await expect.element(results().getByRole('columnheader', { name: /^L1/ })).toHaveAttribute('aria-sort', 'ascending');
  await userEvent.keyboard('{Enter}');
  expect(firstColumn()).toEqual(['grpo', 'tb', 'ttb']);
  await page.getByRole('checkbox', { name: 'a row for each run' }).click();
  expect(firstColumn()).toHaveLength(6);
});

it('shows only the settings that differ', async () => {
  await show(2);
  const settings = page.getByRole('region', { name: 'Settings side by side' });
  await expect.element(settings.getByRole('row', { name: /^Seed 0, 1 0, 1 0, 1/ })).toBeVisible();
  await expect.element(settings.getByRole('row', { name: /^Objective grpo differs: tb differs: ttb/ })).toBeVisible();
  await expect.element(settings.getByRole('rowheader', { name: 'Width' })).not.toBeInTheDocument();
});

it('groups by what the address says, and puts what a person chooses into the state', async () => {
  const { lab } = await show(2, '#by=run&split=train');
  await expect.poll(firstColumn).toHaveLength(6);
  await page.getByLabelText('Group by').selectOptions('objective.kind');
  expect(lab.getState()).toMatchObject({ compareBy: 'objective.kind', compareSplit: 'train' });
  await expect.poll(firstColumn).toHaveLength(3);
});

it('filters, chooses, renames and deletes runs, with a way back', async () => {
  const { shelf } = await show(1);
  await page.getByRole('searchbox', { name: 'Filter the runs' }).fill('grpo seed 0');
  await page.getByRole('checkbox', { name: 'All found' }).click();
  await expect.element(page.getByText('1 of 3 found, 2 chosen.')).toBeVisible();
  await page.getByRole('button', { name: /^Rename Run/ }).click();
  await userEvent.keyboard('{Control>}a{/Control}<i>mine</i>{Enter}');
  await expect.element(page.getByText('<i>mine</i>')).toBeVisible();
  await page.getByRole('button', { name: 'Delete <i>mine</i>' }).click();
  expect(shelf.getState().runs).toHaveLength(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => shelf.getState().runs.length).toBe(3);
  await page.getByRole('button', { name: 'Delete all' }).click();
  await page.getByRole('button', { name: 'Keep them' }).click();
  expect(shelf.getState().runs).toHaveLength(3);
  await page.getByRole('button', { name: 'Delete all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => shelf.getState().runs.length).toBe(0);
});
