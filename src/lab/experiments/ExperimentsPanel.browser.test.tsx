import { Suspense } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { PlannedRun } from '../../experiments/spec.ts';
import type { RunRecord } from '../../training/records.ts';
import '../app.css';
import { Tabs } from '../centre/Tabs.tsx';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { ExperimentsPanel } from './ExperimentsPanel.tsx';
import { recordOf, shelfOn, small } from './experiments.fixture.ts';
import { createExperiments } from './experimentsStore.ts';
import { ExperimentsContext, experimentsSlot } from './slot.ts';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

/** The view with two experiments; each run is made when the test says so. */
function show(make?: (run: PlannedRun) => Promise<RunRecord>) {
  const waiting: (() => void)[] = [];
  const byHand = (run: PlannedRun, signal: AbortSignal): Promise<RunRecord> =>
    new Promise((resolve, reject) => {
      waiting.push(() => resolve(recordOf(run)));
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const slot = experimentsSlot(() =>
    createExperiments({
      shipped: [small(), small({ name: 'other', title: 'Other', seeds: [5] })],
      shelf: shelfOn().shelf,
      makeWith: (onStanding) => async (run, signal) => {
        onStanding(run, { step: 7, steps: 20, doing: 'evaluating', device: null });
        try {
          return await (make ?? byHand)(run, signal);
        } finally {
          onStanding(run, null);
        }
      },
      makeVariances: async () => [],
      tell: () => {},
      date: () => 0,
      cores: 2,
      now: () => performance.now(),
    }),
  );
  const shelf = emptyShelf();
  const url = readUrl('#view=experiments', TEST_PRESETS).state;
  const lab = createLab({ session: new FakeSession(), presets: TEST_PRESETS, memory: fakeMemory(), url });
  const element = document.createElement('div');
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf }}>
      <ExperimentsContext value={slot}>
        <Tabs />
        <Suspense fallback="loading">
          <ExperimentsPanel />
        </Suspense>
      </ExperimentsContext>
    </LabContext>,
  );
  const next = async (): Promise<void> => {
    await vi.waitFor(() => expect(waiting).not.toHaveLength(0));
    waiting.shift()?.();
  };
  return { lab, shelf, next };
}

const panel = () => page.getByRole('region', { name: 'Run it here' });
const button = (name: string) => page.getByRole('button', { name, exact: true });

it('says what an experiment takes before it is started, and that nothing will be kept', async () => {
  show();
  await expect.element(panel().getByText('4 runs: 2 arms on 1 suite, 2 seeds.')).toBeVisible();
  await expect.element(panel().getByText(/None of its runs is kept here\. How long they take/)).toBeVisible();
  await expect.element(panel().getByText(/^Nothing will be kept beyond this page: this is a test/)).toBeVisible();
  await expect
    .element(page.getByText('npm run lab -- experiment experiments/small.json --out runs/small'))
    .toBeVisible();
});

it('tells how far it is while it goes on, in the tab too, and shows results as they come', async () => {
  const { next } = show();
  await button('Start').click();
  await expect.element(panel().getByText('0 of 4 runs done. How long it takes is known after')).toBeVisible();
  await expect.element(panel().getByText('tb on diamond, seed 0: step 7 of 20, evaluating')).toBeVisible();
  await expect.element(panel().getByRole('progressbar', { name: 'Runs done' })).toHaveAttribute('max', '4');
  await next();
  await expect.element(panel().getByText(/^1 of 4 runs done\. About \d+ s left, by the one run/)).toBeVisible();
  await expect.element(page.getByRole('tab', { name: 'Experiments running: 1/4' })).toBeVisible();
  await expect.element(page.getByTitle('Small: report')).toBeVisible();
  await next();
  await expect.element(page.getByText('1 more run since')).toBeVisible();
  await button('Update the report').click();
  await expect.element(page.getByText('1 more run since')).not.toBeInTheDocument();
  // Another can be read meanwhile, and says why it cannot be started.
  await button('Other').click();
  await expect.element(panel().getByText('Small is being made; one experiment is made at a time.')).toBeVisible();
  await expect.element(button('Start')).toBeDisabled();
  await button('Small (running)').click();
  await next();
  await next();
  await expect.element(panel().getByText(/^All 4 runs are kept here/)).toBeVisible();
  await expect.element(button('Start')).not.toBeInTheDocument();
  await expect.element(page.getByRole('tab', { name: 'Experiments', exact: true })).toBeVisible();
});

it('is cancelled, resumed and discarded, with a question before', async () => {
  const { next } = show();
  await button('Start').click();
  await next();
  await expect
    .element(
      panel()
        .getByText(/^1 of 4 runs done/)
        .first(),
    )
    .toBeVisible();
  await button('Cancel').click();
  await expect
    .element(panel().getByText(/^1 of 4 runs are kept here and are not made again\. One took 30 s/))
    .toBeVisible();
  // The keyboard is where it was.
  await expect.element(button('Resume')).toHaveFocus();
  await button('Discard').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await expect.element(button('Resume')).toBeVisible();
  await button('Discard').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect.element(button('Start')).toBeVisible();
  await expect.element(button('Discard')).not.toBeInTheDocument();
});

it('says which runs failed and with what, and offers to try them again', async () => {
  show(async (run) => {
    if (run.arm === 'grpo') throw Object.assign(new Error('no room'), { name: 'AllocationTooLarge' });
    return recordOf(run);
  });
  await button('Start').click();
  await expect.element(panel().getByText('Failed; Resume tries them again:')).toBeVisible();
  const words = 'grpo on diamond, seed 0 and grpo on diamond, seed 1: AllocationTooLarge: no room';
  await expect.element(panel().getByText(words)).toBeVisible();
  await expect.element(button('Resume')).toBeVisible();
});

it('puts its finished runs into Compare, chosen', async () => {
  const { lab, shelf } = show(async (run) => recordOf(run));
  await button('Start').click();
  await expect.element(panel().getByText(/^All 4 runs are kept here/)).toBeVisible();
  await button('Open in Compare').click();
  await expect.poll(() => lab.getState().view).toBe('compare');
  expect(shelf.getState().runs).toHaveLength(4);
  expect(shelf.getState().chosen.size).toBe(4);
});

it('names what is wrong with a file, place by place', async () => {
  show();
  const wrong = new File([JSON.stringify({ ...small(), seeds: ['one'], figure: 'pie' })], 'wrong.json');
  await page.getByLabelText('Open an experiment file').upload(wrong);
  const alert = page.getByRole('alert');
  await expect.element(alert.getByText('wrong.json is no experiment that can be run.')).toBeVisible();
  await expect.element(alert.getByText(/^seeds\[0\] holds "one"; it may hold an integer from 0/)).toBeVisible();
  await expect.element(alert.getByText(/^figure holds "pie"; it may hold one of "collapse"/)).toBeVisible();
  await button('Dismiss').click();
  await expect.element(page.getByText('wrong.json')).not.toBeInTheDocument();
  const right = new File([JSON.stringify(small({ title: 'Mine' }))], 'right.json');
  await page.getByLabelText('Open an experiment file').upload(right);
  await expect.element(button('Mine (from a file)')).toHaveAttribute('aria-pressed', 'true');
});
