import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { readFigure } from '../flow/figures.ts';
import '../theme.css';
import { LessonPanel } from './LessonPanel.tsx';

let root: Root | null = null;

beforeEach(() => {
  const element = document.createElement('div');
  element.style.width = '800px';
  document.body.append(element);
  root = createRoot(element);
  root.render(<LessonPanel />);
});

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

async function open(title: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`: ${title}`) }).click();
  await expect.element(page.getByRole('heading', { level: 2 })).toHaveTextContent(title);
}

const slider = (name: RegExp) => page.getByRole('slider', { name });
const worst = (): number => readFigure(page.getByTestId('worst').element().textContent ?? '');
const done = () => page.getByText('✓ Done');

/** Moves a slider to its least value, as a keyboard would. */
async function toLeast(name: RegExp): Promise<void> {
  (slider(name).element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}');
}

describe('the lesson', () => {
  it('recognises that the node with two entering edges was clicked, and marks the page', async () => {
    expect(done().elements()).toHaveLength(0);
    await page.getByRole('button', { name: /^both clues read/ }).click();
    await expect.element(done()).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Page 1: A task is a graph, done' })).toBeVisible();
  });

  it('sets its equations', async () => {
    await open('Reward is what flows out');
    await expect.poll(() => document.querySelectorAll('.lesson-equation .katex math').length).toBe(1);
  });

  it('breaks the balance by a slider: the residual leaves zero, and the page is done', async () => {
    await open('Balance, and how to break it');
    expect(worst()).toBe(0);
    await toLeast(/in “nothing read”/);
    await expect.poll(worst).toBeGreaterThan(0.5);
    await expect.element(done()).toBeVisible();
  });

  it('mends the balance by the button: the residual returns to zero', async () => {
    await open('Mend it');
    expect(worst()).toBeGreaterThan(0.5);
    expect(done().elements()).toHaveLength(0);
    await page.getByRole('button', { name: /^Mend/ }).click();
    await expect.poll(worst).toBe(0);
    await expect.element(done()).toBeVisible();
  });

  it('keeps the sum of the credits while the balance is broken', async () => {
    await open('Credit adds up');
    await page.getByRole('radio', { name: /left clue, poor answer/ }).click();
    const credits = (): number[] =>
      page
        .getByTestId('credit')
        .elements()
        .map((each) => readFigure(each.textContent ?? ''));
    const total = (): number => readFigure(page.getByTestId('total').element().textContent ?? '');
    // log 1 - log 3
    await expect.poll(total).toBeCloseTo(-Math.log(3), 2);
    const before = credits();
    await toLeast(/in “nothing read”/);
    await expect.poll(credits).not.toEqual(before);
    expect(total()).toBeCloseTo(-Math.log(3), 2);
    expect(credits().reduce((sum, value) => sum + value, 0)).toBeCloseTo(total(), 9);
    await expect.element(done()).toBeVisible();
  });

  it('turns its pages and puts the focus on the new title', async () => {
    await page.getByRole('button', { name: 'Next' }).click();
    await expect.element(page.getByRole('heading', { level: 2 })).toHaveFocus();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expect.element(page.getByRole('heading', { level: 2 })).toHaveTextContent('A task is a graph');
  });
});
