import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { TaskView } from '../../session/protocol.ts';
import { diamond } from '../../worlds/diamond/index.ts';
import { household } from '../../worlds/household/index.ts';
import { hypergrid } from '../../worlds/hypergrid/index.ts';
import { twoHopQaLive } from '../../worlds/twoHopQa/live.ts';
import '../theme.css';
import { cutGraph } from './cut.ts';
import { FlowPanel } from './FlowPanel.tsx';
import { percent } from './figures.ts';
import type { MarkedWalk } from './markedWalk.ts';
import { greedyWalk, taskView } from './taskView.fixture.ts';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

function show(view: TaskView, walk: MarkedWalk | null = null): void {
  const element = document.createElement('div');
  element.style.width = '800px';
  document.body.append(element);
  root ??= createRoot(element);
  root.render(<FlowPanel view={view} walk={walk} />);
}

const chosen = () => page.getByRole('region', { name: 'The chosen node' });

/** The learned probabilities that the panel lists under a heading. */
function probabilities(heading: string): number[] {
  const list = [...document.querySelectorAll('.flow-edge-list')].find((each) =>
    each.querySelector('h4')?.textContent?.startsWith(heading),
  );
  return [...(list?.querySelectorAll('[data-testid="learned"]') ?? [])].map((each) => Number(each.textContent));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a node', () => {
  it('when clicked shows its text, and forward and backward probabilities that each add up to 1', async () => {
    const view = taskView(diamond);
    show(view);
    await page.getByRole('button', { name: /^both clues read/ }).click();
    await expect.element(chosen().getByRole('heading', { level: 3 })).toHaveTextContent('State: both clues read');
    await expect.element(chosen().getByText('entered by 2 edges')).toBeVisible();
    expect(probabilities('Leaving')).toHaveLength(1);
    expect(probabilities('Entering')).toHaveLength(2);
    for (const heading of ['Leaving', 'Entering']) expect(sum(probabilities(heading))).toBeCloseTo(1, 2);
  });

  it('is reached by arrow keys along its thickest edge and chosen by Enter', async () => {
    const view = taskView(diamond);
    show(view);
    const start = page.getByRole('button', { name: /^nothing read/ });
    await expect.element(start).toBeVisible();
    (start.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}');
    const thickest = view.learned.logPF[0] > view.learned.logPF[1] ? 'left clue read' : 'right clue read';
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(new RegExp(`^${thickest}`));
    await userEvent.keyboard('{Enter}');
    await expect.element(chosen().getByRole('heading', { level: 3 })).toHaveTextContent(thickest);
    await userEvent.keyboard('{ArrowLeft}');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^nothing read/);
  });

  it('leads on to the states behind its edges', async () => {
    show(taskView(diamond));
    await chosen()
      .getByRole('button', { name: /read the right clue/ })
      .click();
    await expect.element(chosen().getByRole('heading', { level: 3 })).toHaveTextContent('right clue read');
  });
});

describe('a big graph', () => {
  const view = taskView(hypergrid, { dimensions: 3, height: 6 });

  it('is cut, and the caption says so with numbers', async () => {
    show(view);
    const cut = cutGraph(view.graph, view.learned, view.exact);
    await expect
      .element(page.getByText(`${cut.statesDrawn} of 216 states and ${cut.outcomesDrawn} of 216 outcomes`))
      .toBeVisible();
    await expect.element(page.getByText(percent(cut.learnedInside), { exact: true }).first()).toBeVisible();
  });

  it('lets the reader open what is folded', async () => {
    show(view);
    await page
      .getByRole('button', { name: /^\+\d+ states, not drawn one by one/ })
      .first()
      .click();
    const fold = page.getByRole('region', { name: 'The chosen nodes' });
    await expect.element(fold).toHaveTextContent(/Folded: \d+ states/);
    await fold.getByRole('button').first().click();
    await expect.element(chosen()).toHaveTextContent('folded in the picture');
  });
});

describe('a walk that a skill came from', () => {
  const view = taskView(household);
  const edges = greedyWalk(view.graph, view.exact.logPF, 0);
  const stretch = { from: 1, to: 3 };

  it('is outlined and numbered step by step, what the plan covers in bold, with a key', async () => {
    expect(edges.length).toBeGreaterThan(3);
    show(view, { skill: 'go-put', edges, stretch });
    const key = page.getByRole('list', { name: 'Key' });
    await expect.element(key.getByText('where go-put came from')).toBeVisible();
    await expect.element(key.getByText('what its plan covers')).toBeVisible();
    const steps = [...document.querySelectorAll<SVGGElement>('.flow-walk > g')];
    expect(steps.map((step) => [step.textContent, step.dataset.covered])).toEqual(
      edges.map((_, i) => [String(i + 1), String(i === 1 || i === 2)]),
    );
  });

  it('leaves no trace where none is asked for', async () => {
    show(view);
    await expect.element(page.getByText(/^From the start/)).toBeVisible();
    expect(document.querySelector('.flow-walk')).toBeNull();
    expect(document.body.textContent).not.toMatch(/came from/);
  });
});

describe('a small graph', () => {
  it('is drawn whole and says nothing about a cut', async () => {
    show(taskView(diamond));
    await expect.element(page.getByText(/From the start/)).toBeVisible();
    expect(document.querySelector('.flow-cut')).toBeNull();
  });

  it('puts every edge into the table behind the picture', async () => {
    const view = taskView(diamond);
    show(view);
    await page.getByText(/^Table of the 6 edges/).click();
    const rows = [...document.querySelectorAll('.flow-table tbody tr')];
    const learned = rows.map((row) => Number(row.children[3].textContent));
    const expected = [...view.learned.logReachEdge].map(Math.exp).sort((a, b) => b - a);
    for (const [i, flow] of expected.entries()) expect(learned[i]).toBeCloseTo(flow, 3);
  });
});

describe('a two-dimensional hypergrid', () => {
  it('is drawn as a grid whose cells are walked by arrow keys', async () => {
    show(taskView(hypergrid, { dimensions: 2, height: 4 }));
    const cells = page.getByRole('button', { name: /^x1 = / });
    await expect.poll(() => cells.elements().length).toBe(16);
    (page.getByRole('button', { name: /^x1 = 0, x2 = 0/ }).element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowUp}{ArrowUp}{Enter}');
    await expect.element(chosen().getByRole('heading', { level: 3 })).toHaveTextContent('at (1, 2)');
  });
});

describe('a later step of the same task', () => {
  it('keeps the node that was chosen and shows its new probabilities', async () => {
    const early = taskView(diamond, {}, 1);
    show(early);
    await page.getByRole('button', { name: /^left clue read/ }).click();
    await expect.poll(() => probabilities('Leaving').length).toBe(2);
    const before = probabilities('Leaving');
    show({ ...taskView(diamond, {}, 0), step: 20 });
    await expect.poll(() => probabilities('Leaving')).not.toEqual(before);
    await expect.element(chosen().getByRole('heading', { level: 3 })).toHaveTextContent('left clue read');
  });
});

describe('the colour of edges', () => {
  it('is credit, or exact advantage, or where the model is wrong, each with its key and its words', async () => {
    show(taskView(diamond));
    const key = page.getByRole('list', { name: 'Key' });
    const choose = (name: string) => page.getByText(name, { exact: true }).click();
    await expect.element(key.getByText('+ credit')).toBeVisible();
    await choose('Exact advantage');
    await expect.element(page.getByText(/^Colour is the exact advantage/)).toBeVisible();
    await expect.element(key.getByText('+ more reward than average here')).toBeVisible();
    await choose('Where the model is wrong');
    await expect.element(page.getByText(/never what a step is worth/)).toBeVisible();
    await expect.element(key.getByText('+ residual: too much')).toBeVisible();
    expect(document.querySelector('[data-kind="plus"], [data-kind="minus"]'), 'no hue of credit').toBeNull();
    await choose('Difference');
    await expect.element(page.getByText(/never what a step is worth/)).not.toBeInTheDocument();
  });
});

describe('what a live executor was not asked yet', () => {
  // What comes of recalling and searching is known, of planning and answering not.
  const part = taskView(twoHopQaLive, { steps: 1 }, 0.5, {
    get: ({ act }) => (act === 'plan' || act === 'answer' ? undefined : 'Lima'),
  });
  const whole = taskView(twoHopQaLive, { steps: 1 }, 0.5, { get: () => 'Lima' });

  it('is drawn in grey dashes with a key of its own, and neither as credit nor as blame', async () => {
    show(part);
    await expect.element(page.getByRole('list', { name: 'Key' }).getByText('not explored yet')).toBeVisible();
    const ribbons = [...document.querySelectorAll('.flow-ribbon[data-kind="unexplored"]')];
    expect(ribbons).toHaveLength(part.graph.pending.size);
    for (const ribbon of ribbons) {
      expect(ribbon.querySelector('.flow-exact'), 'nothing exact is known of it').toBeNull();
      expect(ribbon.querySelector('.flow-sign')).toBeNull();
      expect(ribbon.querySelector('[fill^="url("]'), 'the hatching of blame').toBeNull();
    }
    await page.getByText('Difference', { exact: true }).click();
    await expect
      .poll(() => document.querySelectorAll('.flow-ribbon[data-kind="unexplored"]').length)
      .toBe(ribbons.length);
  });

  it('is no outcome that failed: the caption tells the most that success can be', async () => {
    show(part);
    const { graph, learned } = part;
    const flow = Math.exp(learned.logReach[graph.states + graph.outcomes - 1]);
    await expect
      .element(page.getByText(new RegExp(`^From the start .* ${graph.pending.size} choices were not asked`)))
      .toHaveTextContent(
        `${percent(flow)} of the flow leads there, so success is at most ${percent(Math.min(1, learned.success + flow))}.`,
      );
    await page.getByRole('button', { name: /^not explored yet: flow [\d.]+ learned$/ }).click();
    await expect.element(chosen().getByRole('heading', { level: 3 })).toHaveTextContent('Unknown: not explored yet');
    await expect.element(chosen().getByText(/reward not known/)).toBeVisible();
    await expect.element(chosen().getByText('They are no failures', { exact: false })).toBeVisible();
  });

  it('has no worth in the table', async () => {
    show(part);
    await page.getByText(/^Table of the/).click();
    const rows = [...document.querySelectorAll('.flow-table tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    const unknown = rows.filter(([, , to]) => to === 'not explored yet');
    expect(unknown).toHaveLength(part.graph.pending.size);
    for (const [, , , , exact, , exactCredit, advantage, residual] of unknown) {
      expect([exact, exactCredit, advantage, residual]).toEqual(['–', '–', '–', '–']);
    }
  });

  it('is not spoken of where all is known', async () => {
    show(whole);
    await expect.element(page.getByText(/^From the start/)).toBeVisible();
    expect(document.body.textContent).not.toMatch(/not explored|not asked/);
    expect(document.querySelector('[data-kind="unexplored"]')).toBeNull();
  });
});
