/** The dense step in jax-js: loss, gradient and AdamW in one jitted function. */
import type { Array as JaxArray } from '@jax-js/jax';
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { DenseEngine } from './engine.ts';
import type { DenseProblem, ParameterName } from './problem.ts';
import { OPTIMISER, parameterShapes } from './problem.ts';

type Parameters = Record<ParameterName, JaxArray>;
// A type and not an interface, as its trees of arrays have to be.
type State = { parameters: Parameters; first: Parameters; second: Parameters; step: JaxArray };
type Data = {
  states: JaxArray;
  actions: JaxArray;
  tasks: JaxArray;
  legal: JaxArray;
  chosen: JaxArray;
  targets: JaxArray;
  scales: JaxArray;
};

/** jax-js counts references: a use takes an array, `ref` keeps it for the next one. */
function lossOf(problem: DenseProblem): (p: Parameters, data: Data) => JaxArray {
  const { sizes, rows, edges } = problem;
  const { tasks, trajectories, steps, actions, width: d } = sizes;
  return (p, data) => {
    const z = np.matmul(data.states, p.inW).add(p.inB);
    const inner = nn.gelu(np.matmul(z.ref, p.upW).add(p.upB));
    const h = z.add(np.matmul(inner, p.downW).add(p.downB));
    const question = np.matmul(data.actions.ref, p.questionW).add(p.questionB);
    const key = np.matmul(data.actions, p.keyW).add(p.keyB).reshape([rows, actions, d]);
    const product = question.ref.reshape([rows, actions, d]).mul(h.ref.reshape([rows, 1, d]));
    const fromEdge = np.matmul(question, p.scorerU).add(np.matmul(product.reshape([edges, d]), p.scorerP));
    const fromState = np.matmul(h.ref, p.scorerW).add(p.scorerB).reshape([rows, 1, d]);
    const hidden = nn.gelu(fromEdge.reshape([rows, actions, d]).add(fromState));
    const query = np.matmul(h, p.queryW).add(p.queryB).reshape([rows, 1, d]);
    const scored = hidden.mul(p.head.reshape([1, 1, d])).sum(-1);
    const logits = scored.add(
      query
        .mul(key)
        .sum(-1)
        .mul(1 / Math.sqrt(d)),
    );
    // Masked edges: far below every logit, so that their probability is 0.
    const logP = nn.logSoftmax(logits.add(data.legal.sub(1).mul(1e9)), -1);
    const walks = logP
      .mul(data.chosen)
      .reshape([tasks, trajectories, steps * actions])
      .sum(-1);
    const logZ = np.matmul(data.tasks, p.logZW).add(p.logZB).reshape([tasks, 1]);
    const residual = walks.add(logZ).sub(data.targets).mul(data.scales);
    return residual.ref.mul(residual).mean();
  };
}

function adamw(state: State, gradients: Parameters): State {
  const { lr, beta1, beta2, eps, decay } = OPTIMISER;
  const step = state.step.add(1);
  const correction1 = np
    .exp(step.ref.mul(Math.log(beta1)))
    .mul(-1)
    .add(1);
  const correction2 = np
    .exp(step.ref.mul(Math.log(beta2)))
    .mul(-1)
    .add(1);
  const names = Object.keys(gradients) as ParameterName[];
  const next = names.map((name) => {
    const gradient = gradients[name];
    const first = state.first[name].mul(beta1).add(gradient.ref.mul(1 - beta1));
    const second = state.second[name].mul(beta2).add(gradient.ref.mul(gradient).mul(1 - beta2));
    const root = np.sqrt(second.ref.div(correction2.ref)).add(eps);
    const adam = first.ref.div(correction1.ref).div(root);
    const parameter = state.parameters[name].mul(1 - lr * decay).sub(adam.mul(lr));
    return { name, parameter, first, second };
  });
  correction1.dispose();
  correction2.dispose();
  const collect = (field: 'parameter' | 'first' | 'second') =>
    Object.fromEntries(next.map((entry) => [entry.name, entry[field]])) as Parameters;
  return { parameters: collect('parameter'), first: collect('first'), second: collect('second'), step };
}

/** @throws Error where jax-js finds no such device */
export async function jaxEngine(device: 'webgpu' | 'wasm', problem: DenseProblem): Promise<DenseEngine> {
  const available = await init(device);
  if (!available.includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
  const { sizes, rows, edges, walks } = problem;
  const { tasks, trajectories, actions, dimensions: D } = sizes;
  const put = (values: Float32Array, shape: readonly number[]) =>
    np.array(values as Float32Array<ArrayBuffer>, { shape: [...shape], dtype: np.float32, device });
  const shapes = parameterShapes(sizes);
  const names = Object.keys(shapes) as ParameterName[];
  const parametersOf = (values: (name: ParameterName) => Float32Array): Parameters =>
    Object.fromEntries(names.map((name) => [name, put(values(name), shapes[name])])) as Parameters;
  const zeros = (name: ParameterName) => new Float32Array(problem.parameters[name].length);
  const scales = problem.lengths.map((length) => (problem.objective === 'tb' ? 1 : 1 / length));

  const data: Data = {
    states: put(problem.states, [rows, D]),
    actions: put(problem.actions, [edges, D]),
    tasks: put(problem.taskVectors, [tasks, D]),
    legal: put(problem.legal, [rows, actions]),
    chosen: put(problem.chosen, [rows, actions]),
    targets: put(problem.targets, [tasks, trajectories]),
    scales: put(scales, [tasks, trajectories]),
  };
  let state: State = {
    parameters: parametersOf((name) => problem.parameters[name]),
    first: parametersOf(zeros),
    second: parametersOf(zeros),
    step: put(new Float32Array(1), [1]),
  };
  const gradient = valueAndGrad(lossOf(problem));
  const step = jit((current: State, batch: Data): [JaxArray, State] => {
    const [loss, gradients] = gradient(tree.ref(current.parameters), batch);
    return [loss, adamw(current, gradients as Parameters)];
  });

  const losses: JaxArray[] = [];
  return {
    name: 'jax-js',
    on: device,
    about: `${walks} walks in one jitted function`,
    async enter() {
      defaultDevice(device);
    },
    async run(count) {
      for (let i = 0; i < count; i++) {
        const [loss, next] = step(state, tree.ref(data));
        state = next;
        losses.push(loss);
      }
      await blockUntilReady(state);
    },
    async losses() {
      const values = [];
      for (const loss of losses) values.push(Number((await loss.ref.data())[0]));
      return values;
    },
    async dispose() {
      for (const loss of losses) loss.dispose();
      tree.dispose(state);
      tree.dispose(data);
      step.dispose();
    },
  };
}
