/** The dense step in TensorFlow.js: it has no compiler for gradients; its kernels are compiled when first used. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-webgpu';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { DenseEngine } from './engine.ts';
import type { DenseProblem, ParameterName } from './problem.ts';
import { OPTIMISER, parameterShapes } from './problem.ts';

const A = Math.sqrt(2 / Math.PI);
const B = 0.044715;

/**
 * GELU with a gradient of its own, since TensorFlow.js has none: fewer kernels than differentiating it
 * operation by operation. `x/2 (1 + tanh(u)) = x sigmoid(2 u)`.
 */
const gelu = tf.customGrad((value, save) => {
  const x = value as tf.Tensor;
  const gate = tf.sigmoid(tf.mul(x, tf.add(tf.mul(tf.square(x), 2 * A * B), 2 * A)));
  (save as tf.GradSaveFunc)([x, gate]);
  return {
    value: tf.mul(x, gate),
    gradFunc: (dy, saved) => {
      const [input, sigmoid] = saved;
      const slope = tf.mul(input, tf.add(tf.mul(tf.square(input), 6 * A * B), 2 * A));
      return tf.mul(dy, tf.mul(sigmoid, tf.add(tf.mul(slope, tf.sub(1, sigmoid)), 1)));
    },
  };
});

/** A layer on data. Not the fused one: its gradient would make the product with the data's side, which nobody reads. */
const onData = (x: tf.Tensor2D, w: tf.Tensor, b: tf.Tensor) => tf.add(tf.matMul(x, w as tf.Tensor2D), b);
const layer = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
  tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias: b });

let instances = 0;

/** @throws Error where TensorFlow.js finds no such backend */
export async function tfjsEngine(backend: 'webgpu' | 'wasm', problem: DenseProblem): Promise<DenseEngine> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainWasm,
    'tfjs-backend-wasm-simd.wasm': simdWasm,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
  });
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} here`);
  await tf.ready();

  const { sizes, rows, edges } = problem;
  const { tasks, trajectories, steps, actions, dimensions: D, width: d } = sizes;
  const shapes = parameterShapes(sizes);
  const prefix = `dense ${instances++}`;
  const names = Object.keys(shapes) as ParameterName[];
  const p = Object.fromEntries(
    names.map((name) => {
      const value = tf.tensor(problem.parameters[name], [...shapes[name]], 'float32');
      return [name, tf.variable(value, true, `${prefix} ${name}`)];
    }),
  ) as Record<ParameterName, tf.Variable>;
  const states = tf.tensor2d(problem.states, [rows, D]);
  const actionVectors = tf.tensor2d(problem.actions, [edges, D]);
  const taskVectors = tf.tensor2d(problem.taskVectors, [tasks, D]);
  // Masked edges: far below every logit, so that their probability is 0.
  const mask = tf.tensor2d(
    problem.legal.map((one) => (one - 1) * 1e9),
    [rows, actions],
  );
  const chosen = tf.tensor2d(problem.chosen, [rows, actions]);
  const targets = tf.tensor2d(problem.targets, [tasks, trajectories]);
  const scales = tf.tensor2d(
    problem.lengths.map((length) => (problem.objective === 'tb' ? 1 : 1 / length)),
    [tasks, trajectories],
  );

  function loss(): tf.Scalar {
    const z = onData(states, p.inW, p.inB);
    const inner = gelu(layer(z, p.upW, p.upB));
    const h = tf.add(z, layer(inner, p.downW, p.downB));
    const question = onData(actionVectors, p.questionW, p.questionB);
    const key = tf.reshape(onData(actionVectors, p.keyW, p.keyB), [rows, actions, d]);
    const product = tf.mul(tf.reshape(question, [rows, actions, d]), tf.reshape(h, [rows, 1, d]));
    const fromEdge = tf.add(
      tf.matMul(question as tf.Tensor2D, p.scorerU as tf.Tensor as tf.Tensor2D),
      tf.matMul(tf.reshape(product, [edges, d]) as tf.Tensor2D, p.scorerP as tf.Tensor as tf.Tensor2D),
    );
    const fromState = tf.reshape(layer(h, p.scorerW, p.scorerB), [rows, 1, d]);
    const hidden = gelu(tf.add(tf.reshape(fromEdge, [rows, actions, d]), fromState));
    const query = tf.reshape(layer(h, p.queryW, p.queryB), [rows, 1, d]);
    const scored = tf.reshape(
      tf.matMul(tf.reshape(hidden, [edges, d]) as tf.Tensor2D, p.head as tf.Tensor as tf.Tensor2D),
      [rows, actions],
    );
    const logits = tf.add(scored, tf.mul(tf.sum(tf.mul(query, key), -1), 1 / Math.sqrt(d)));
    const logP = tf.logSoftmax(tf.add(logits, mask), -1);
    const walks = tf.sum(tf.reshape(tf.mul(logP, chosen), [tasks, trajectories, steps * actions]), -1);
    const logZ = onData(taskVectors, p.logZW, p.logZB);
    const residual = tf.mul(tf.sub(tf.add(walks, logZ), targets), scales);
    return tf.mean(tf.square(residual)) as tf.Scalar;
  }

  const { lr, beta1, beta2, eps, decay } = OPTIMISER;
  const optimizer = tf.train.adam(lr, beta1, beta2, eps);
  const variables = Object.values(p);

  /** AdamW of the library's Adam: the decay is decoupled, so it may come first. */
  function step(): tf.Scalar {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, variables);
      for (const variable of variables) variable.assign(tf.mul(variable, 1 - lr * decay));
      optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name] })));
      return value;
    });
  }

  const losses: tf.Scalar[] = [];
  const enter = async (): Promise<void> => {
    await tf.setBackend(backend);
  };
  return {
    name: 'TensorFlow.js',
    on: backend,
    about: backend === 'wasm' ? `${getThreadsCount()} threads` : 'eager kernels',
    enter,
    async run(count) {
      for (let i = 0; i < count; i++) losses.push(step());
      // The last update comes after the last loss: a value of it, sliced where it lies, is what to wait for.
      const last = tf.tidy(() => tf.slice(p.logZB as tf.Tensor, [0], [1]));
      await last.data();
      last.dispose();
    },
    async losses() {
      await enter();
      const values = [];
      for (const loss of losses) values.push((await loss.data())[0]);
      return values;
    },
    async dispose() {
      await enter();
      tf.dispose([
        states,
        actionVectors,
        taskVectors,
        mask,
        chosen,
        targets,
        scales,
        ...losses,
        ...(variables as tf.Tensor[]),
      ]);
      optimizer.dispose();
    },
  };
}
