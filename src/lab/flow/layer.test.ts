import { describe, expect, it } from 'vitest';
import { diamond } from '../../worlds/diamond/index.ts';
import { edgeColours, layerFacts } from './layer.ts';
import { taskView } from './taskView.fixture.ts';

describe('the colours of edges', () => {
  const view = taskView(diamond);
  const colours = (layer: 'advantage' | 'residual', of = view) => edgeColours(of, layer) ?? expect.fail(layer);

  it('are credit unless another layer is chosen', () => {
    expect(edgeColours(view, 'credit')).toBeNull();
    expect(colours('advantage')).toMatchObject({ kind: 'worth', values: view.advantage });
    expect(colours('residual')).toMatchObject({ kind: 'diagnosis', values: view.residual });
  });

  it('of a perfect policy show no residual', () => {
    const perfect = taskView(diamond, {}, 0);
    const facts = layerFacts(perfect, colours('residual', perfect));
    expect(facts.off).toBe(0);
    expect(facts.walked).toBeGreaterThan(0);
  });

  it('are told by the edges that are walked, the best and the worst', () => {
    const { most, least, off } = layerFacts(view, colours('advantage'));
    const walked = [...view.advantage].filter((_, e) => Math.exp(view.learned.logReachEdge[e]) >= 0.005);
    expect(most?.value).toBe(Math.max(...walked));
    expect(least?.value).toBe(Math.min(...walked));
    expect(off).toBeGreaterThan(0);
  });
});
