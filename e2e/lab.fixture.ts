/** What the journeys share: a page that must not complain, a run that takes seconds, and places on the page. */
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { ConfigInput } from '../src/training/config.ts';
import type { RunRecord } from '../src/training/records.ts';

/** The diamond with a small network: a few seconds on any device. */
export const QUICK: ConfigInput = {
  version: 1,
  steps: 100,
  evaluation: { every: 25 },
  suites: [{ name: 'diamond', train: 1 }],
  encoder: { dimensions: 32 },
  supervisor: { width: 16, heads: 2 },
  rollout: { tasksPerStep: 1, trajectoriesPerTask: 16 },
};

/**
 * Two hops in two steps, most tasks with one, and a lenient gate: a phase every ten steps, of which the first creates a
 * skill and turns another down. Some ten seconds on the CPU.
 */
export const EVOLVING: ConfigInput = {
  version: 1,
  seed: 5,
  device: 'cpu',
  steps: 40,
  evaluation: { every: 10, tasks: 8 },
  suites: [
    {
      name: 'two-hop-qa',
      settings: { steps: 2, evidence: 3, hurried: 0.7, countries: 12 },
      train: 24,
      validation: 8,
      heldOut: 4,
    },
  ],
  encoder: { dimensions: 64 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb' },
  optimiser: { lr: 0.005, schedule: 'constant', clip: 10 },
  rollout: { tasksPerStep: 8, trajectoriesPerTask: 8 },
  evolution: {
    slots: 4,
    when: { window: 5, rho: 0.9, windows: 1, headroom: -1 },
    what: { walks: 16, tasks: 24 },
    where: { candidates: 3, least: 1 },
    gate: { steps: 15, seeds: 1, gain: 0.005, errors: 0.5 },
  },
};

/** The part of an address after the page's own. */
export function addressOf(config: ConfigInput): string {
  return `#${new URLSearchParams({ config: JSON.stringify(config) })}`;
}

/** Collects what the page says in its console as an error, and what it throws. */
export function listenForComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

/** A test whose page says nothing as an error in its console. */
export const test = base.extend<{ silence: undefined }>({
  silence: [
    async ({ page }, use) => {
      const complaints = listenForComplaints(page);
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The top bar with transport, step and device. */
export function topBar(page: Page): Locator {
  return page.getByRole('banner');
}

export function transport(page: Page, name: RegExp): Locator {
  return page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name });
}

/** Steps that the top bar says are done. */
export async function stepsShown(page: Page): Promise<number> {
  const text = await topBar(page)
    .getByText(/^step [\d,]+ \/ [\d,]+$/)
    .textContent();
  return Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
}

export async function openView(
  page: Page,
  name: 'Flow' | 'Credit' | 'Skills' | 'Executor' | 'Compare' | 'Experiments' | 'Lessons',
): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

/** Starts the run of the settings and waits until it is finished. */
export async function trainToTheEnd(page: Page, steps: number): Promise<void> {
  await transport(page, /^Train/).click();
  await expect(topBar(page).getByText(`step ${steps} / ${steps}`)).toBeVisible({ timeout: 60_000 });
  await expect(topBar(page).getByRole('status').filter({ hasText: 'finished' })).toBeAttached();
}

/** A run by `globalThis.lab`. @throws Error with the name and the message that it had in the page */
export function runByScript(page: Page, config: unknown, resume = false): Promise<RunRecord> {
  return page.evaluate(
    ([asked, goesOn]) => {
      if (globalThis.lab === undefined) throw new Error('The page offers no lab.');
      return globalThis.lab.run(asked as ConfigInput, { resume: goesOn });
    },
    [config, resume] as const,
  );
}
