import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { CreditView } from '../../session/protocol.ts';
import { hypergrid } from '../../worlds/hypergrid/index.ts';
import { readFigure } from '../flow/figures.ts';
import type { MarkedWalk } from '../flow/markedWalk.ts';
import { creditView, greedyWalk, taskView } from '../flow/taskView.fixture.ts';
import '../theme.css';
import { CreditPanel } from './CreditPanel.tsx';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

function show(view: CreditView, walk: MarkedWalk | null = null): void {
  const element = document.createElement('div');
  element.style.width = '800px';
  document.body.append(element);
  root = createRoot(element);
  root.render(<CreditPanel view={view} walk={walk} />);
}

const grid = taskView(hypergrid, { dimensions: 2, height: 5 }, 1);
// The start can go right, up, or stop.
const walks = [0, 1, 2].map((first) => greedyWalk(grid.graph, grid.learned.logPF, first));
const view = creditView(grid, walks);

const credits = (): number[] =>
  page
    .getByTestId('credit')
    .elements()
    .map((each) => readFigure(each.textContent ?? ''));
const total = (): number => readFigure(page.getByTestId('total').element().textContent ?? '');

describe('the waterfall', () => {
  it('shows credits whose digits add up to the digits of the sum, for every walk', async () => {
    show(view);
    const options = page.getByRole('radio');
    await expect.poll(() => options.elements().length).toBe(3);
    for (const option of options.elements()) {
      (option as HTMLInputElement).click();
      const index = options.elements().indexOf(option);
      await expect.poll(() => credits().length).toBe(view.trajectories[index].steps.length);
      expect(credits().reduce((sum, value) => sum + value, 0)).toBeCloseTo(total(), 9);
      expect(total()).toBeCloseTo(view.trajectories[index].total, 1);
    }
  });

  it('says which step was decisive and what GRPO would give', async () => {
    show(view);
    const [trajectory] = view.trajectories;
    const sizes = trajectory.steps.map((step) => Math.abs(step.exactCentred));
    const decisive = sizes.indexOf(Math.max(...sizes));
    await expect
      .element(page.getByText(new RegExp(`^Step ${decisive + 1}, `)))
      .toHaveTextContent(trajectory.steps[decisive].action);
    await expect.element(page.getByText(/GRPO would give/)).toBeVisible();
  });

  it('says where the learned credit of the decisive step has the wrong sign', async () => {
    const [first] = view.trajectories;
    const steps = first.steps.map((step) => ({ ...step, centred: -step.exactCentred }));
    show({ ...view, trajectories: [{ ...first, steps }] });
    await expect.element(page.getByText(/was decisive: exact (credit|blame)/)).toHaveTextContent('the wrong sign');
  });

  it('shows the state in which a step starts, by keyboard too', async () => {
    show(view);
    const first = page.getByRole('button', { name: /^1 / });
    await first.click();
    await expect.element(page.getByText(`starts in: ${view.trajectories[0].steps[0].state}`)).toBeVisible();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(page.getByText(`starts in: ${view.trajectories[0].steps[1].state}`)).toBeVisible();
  });
});

describe('a walk that a skill came from', () => {
  const [, , credited] = view.trajectories;
  const edges = credited.steps.map(({ edge }) => edge);
  const actions = credited.steps.map(({ action }) => action);
  const found = { edges, starts: edges.map((_, i) => i), followed: edges.length, known: true };
  const marked = { skill: 'go-stop', edges, stretch: { from: 0, to: 2 } };
  const covered = () => page.getByRole('button', { name: /\(covered by the plan of go-stop\)/ });

  it('stands first and is chosen, with what the plan covers marked, until another is chosen', async () => {
    show({ ...creditView(grid, walks.slice(0, 2)), walk: { actions, found, credited } }, marked);
    await expect.element(page.getByText('2 sampled walks')).toBeVisible();
    const [first, second] = page.getByRole('radio').all();
    await expect.element(first).toHaveAccessibleName(/^Where go-stop came from:/);
    await expect.element(first).toBeChecked();
    expect(credits()).toHaveLength(edges.length);
    expect(total()).toBeCloseTo(credited.total, 1);
    expect(
      covered()
        .elements()
        .map((each) => each.textContent),
    ).toEqual(actions.slice(0, 2).map((action, i) => `${i + 1}${action} (covered by the plan of go-stop)`));
    await expect.element(page.getByText('covered by the plan of go-stop', { exact: true })).toBeVisible();
    (second.element() as HTMLInputElement).click();
    await expect.element(second).toBeChecked();
    expect(covered().elements()).toEqual([]);
    expect(page.getByRole('radio').elements()).toHaveLength(3);
  });

  it('that cannot be taken leaves the sampled ones', async () => {
    show({ ...view, walk: { actions, found: { edges: null, followed: 1 }, credited: null } });
    await expect.poll(() => page.getByRole('radio').elements().length).toBe(3);
    expect(document.body.textContent).not.toMatch(/came from|covered/);
  });
});

describe('equal rewards', () => {
  it('are said to leave GRPO without any credit', async () => {
    show(creditView(grid, [walks[0], walks[0]]));
    await expect.element(page.getByText(/GRPO would give no step any credit/)).toBeVisible();
    await expect.element(page.getByText('2 sampled walks, 1 different')).toBeVisible();
  });
});

describe('no walks', () => {
  it('are said to be none', async () => {
    show({ ...view, trajectories: [] });
    await expect.element(page.getByText(/No walk was sampled/)).toBeVisible();
  });
});

describe('a walk that leads to what a live executor was not asked', () => {
  it('is neither credited nor blamed, and its reward is not told as 0', async () => {
    const [first] = view.trajectories;
    show({
      ...view,
      trajectories: [{ ...first, outcome: 'not explored yet', reward: 0, solved: false, unexplored: true }],
    });
    await expect.element(page.getByText(/^This walk leads to what the model was not asked yet/)).toBeVisible();
    await expect
      .element(page.getByText(/^The walk ends in: not explored yet: the model was not asked yet/))
      .toBeVisible();
    await expect.element(page.getByRole('radio')).toHaveAccessibleName(/R not known/);
    expect(document.body.textContent).not.toMatch(/decisive|GRPO would give/);
  });
});
