/** What the colours say where they are not credit, in words made from their numbers. */
import type { TaskView } from '../../session/protocol.ts';
import { count, fixed, signed } from './figures.ts';
import { type EdgeColours, layerFacts, type ToldEdge } from './layer.ts';

export function LayerCaption({ view, colours }: { view: TaskView; colours: EdgeColours }) {
  const { walked, off, most, least } = layerFacts(view, colours);
  if (most === null || least === null) return null;
  if (colours.kind === 'worth') {
    return (
      <p className="flow-caption">
        Colour is the exact advantage E[R | s, a] − E[R | s] of the learned policy: by how much reward a choice beats
        what this policy does there on average. Of the {count(walked, 'edge')} that are walked the best is{' '}
        <Told edge={most} />, the worst <Told edge={least} />.
      </p>
    );
  }
  const worst = Math.abs(least.value) > Math.abs(most.value) ? least : most;
  return (
    <p className="flow-caption">
      Colour is the residual of detailed balance, {RESIDUALS[view.residualOf]}: it says where the model is wrong, and
      never what a step is worth.{' '}
      {off === 0 ? (
        <>
          None of the {count(walked, 'edge')} that are walked is off by {fixed(colours.neutral, 1)} nats or more.
        </>
      ) : (
        <>
          {off.toLocaleString('en')} of the {count(walked, 'edge')} that are walked {off === 1 ? 'is' : 'are'} off by{' '}
          {fixed(colours.neutral, 1)} nats or more, most of all <Told edge={worst} />.
        </>
      )}
    </p>
  );
}

const RESIDUALS: Readonly<Record<TaskView['residualOf'], string>> = {
  'flow head': 'log F(s) + log P_F − log F(s′) − log P_B with the log F that the flow head learned',
  'answer key': 'here log P_F − log P_F* against the answer key, as this objective learns no log F of states',
};

function Told({ edge: { action, state, value } }: { edge: ToldEdge }) {
  return (
    <>
      <b>{action}</b> ({signed(value)}; from: {state})
    </>
  );
}
