/** Names and one-line explanations of the settings. What is missing here is shown by its key. */

interface Label {
  readonly name: string;
  readonly help: string;
}

const LABELS: { readonly [path: string]: Label } = {
  seed: { name: 'Seed', help: 'The same seed and settings give the same run on one device.' },
  device: { name: 'Device', help: 'auto takes WebGPU where the browser has it, else the CPU.' },
  steps: { name: 'Training steps', help: 'One step samples a batch and updates the Supervisor once.' },
  'evaluation.every': { name: 'Every … steps', help: 'How often the policy is compared with the exact answer.' },
  'evaluation.tasks': { name: 'Tasks evaluated', help: 'Tasks of each split taken each time; all of them at the end.' },
  'suites.name': { name: 'Suite', help: 'The family of tasks.' },
  'suites.train': { name: 'Training tasks', help: 'Tasks the Supervisor learns from.' },
  'suites.validation': { name: 'Validation tasks', help: 'Tasks that may be used to decide, never to learn.' },
  'suites.heldOut': { name: 'Held-out tasks', help: 'Tasks that are only ever evaluated.' },
  'encoder.kind': {
    name: 'Kind',
    help: 'hashed: built in, from words and letters, no download. onnx: a sentence encoder from files of yours or from addresses.',
  },
  'encoder.dimensions': {
    name: 'Text vector size',
    help: 'Dimensions of the frozen text vectors. A sentence encoder has its own: leave it empty.',
  },
  'encoder.match': {
    name: 'Matches read from',
    help: 'What an action has in common with the task and the state: vectors, as the encoder gives them, or words, exactly.',
  },
  'encoder.model': { name: 'Model', help: 'The name of a file kept here, or an absolute address of a .onnx file.' },
  'encoder.tokenizer': {
    name: 'Tokenizer',
    help: 'The tokenizer.json that lies beside the model: the name of a file kept here, or an absolute address.',
  },
  'encoder.provider': {
    name: 'Runs on',
    help: 'wasm gives the same vectors everywhere; webgpu is faster for large models, and wasm where there is no WebGPU.',
  },
  'supervisor.width': { name: 'Width', help: 'Units of each layer; a multiple of 4.' },
  'supervisor.heads': { name: 'Attention heads', help: 'Must divide the width.' },
  'supervisor.depth': { name: 'Depth', help: 'Residual blocks.' },
  'supervisor.backwardStart': {
    name: 'First P_B',
    help: 'How a learned backward policy begins: from random weights, or uniform in every state.',
  },
  'supervisor.logF': {
    name: 'log F',
    help: 'db, subtb: from a head on the state, or that and the sum of the flows that the logits stand for.',
  },
  'objective.kind': {
    name: 'Objective',
    help: 'Balance of flow: ttb, ttb-paper, tb, vargrad, db, subtb. Reward maximisation: flowrl, reinforce, grpo, ppo. Imitation: sft.',
  },
  'objective.backward': {
    name: 'Backward policy',
    help: 'How flow into a state is shared among the edges that enter it.',
  },
  'objective.beta': { name: 'β (inverse temperature)', help: 'The target is proportional to (R + ε)^β.' },
  'objective.eps': {
    name: 'ε (reward floor)',
    help: 'Added to every reward, so that failing outcomes have a logarithm.',
  },
  'objective.lambda': { name: 'λ', help: 'subtb: how far a stretch reaches. ppo: the same for advantages.' },
  'objective.updatesPerBatch': {
    name: 'Updates a batch',
    help: 'How often the same trajectories are learned from. With 1, the clip of grpo and ppo never acts.',
  },
  'objective.ratioClip': {
    name: 'Ratio clip',
    help: 'grpo, ppo, flowrl: how far from 1 the ratio of policies counts.',
  },
  'objective.entropyBonus': { name: 'Entropy bonus', help: 'reinforce, grpo, ppo: reward for an undecided policy.' },
  'objective.klWeight': { name: 'KL weight', help: 'grpo: pull towards the uniform policy.' },
  'objective.flowBeta': { name: 'β of flowrl', help: 'Weight of the normalised reward; flowrl has its own.' },
  'objective.demonstrations': {
    name: 'Demonstrations',
    help: 'Trajectories of the exact optimal policy in the place of sampled ones.',
  },
  'objective.huber': { name: 'Huber limit', help: 'Beyond this residual the loss goes on linearly.' },
  'optimiser.lr': { name: 'Learning rate', help: 'Of the forward policy.' },
  'optimiser.lrZ': { name: 'Rate of log Z', help: 'Usually 10 to 100 times that of the policy.' },
  'optimiser.lrBackward': { name: 'Rate of P_B', help: 'Of the backward policy; half the policy’s by default.' },
  'optimiser.lrFlow': { name: 'Rate of log F', help: 'Of the flow head (db, subtb) or value head (ppo).' },
  'optimiser.schedule': { name: 'Schedule', help: 'How the rates fall over the run.' },
  'optimiser.weightDecay': { name: 'Weight decay', help: 'Decoupled, as in AdamW.' },
  'optimiser.clip': { name: 'Gradient clip', help: 'Largest gradient norm of each group of parameters.' },
  'rollout.tasksPerStep': { name: 'Tasks a step', help: 'Tasks sampled for each update.' },
  'rollout.trajectoriesPerTask': { name: 'Trajectories a task', help: 'Walks sampled per task and step.' },
  'rollout.epsilon': { name: 'Exploration, start', help: 'Chance of a uniformly random legal action.' },
  'rollout.epsilonEnd': { name: 'Exploration, end', help: 'Exploration falls to this over the run.' },
  'rollout.temperature': { name: 'Temperature', help: 'Sampling temperature of the policy, 1 or more.' },
  'rollout.replay.capacity': {
    name: 'Replay, walks a task',
    help: 'Trajectories kept per task for the balance objectives; 0 keeps none.',
  },
  'rollout.replay.share': { name: 'Replayed share', help: 'Part of a task’s trajectories that comes from the buffer.' },
  'rollout.replay.by': { name: 'Replay by', help: 'uniform, or the best rewarded of four drawn.' },
  'executor.kind': { name: 'Carried out by', help: 'Which language model answers in live suites.' },
  'executor.endpoint.baseURL': { name: 'Address', help: 'Up to and with /v1, e.g. http://localhost:8000/v1.' },
  'executor.endpoint.model': { name: 'Model', help: 'Its name on the server.' },
  'executor.endpoint.weights': {
    name: 'Name of the weights',
    help: 'Results are kept under it in the place of the address, where several addresses serve the same.',
  },
  'executor.endpoint.concurrency': { name: 'Requests at once', help: 'More than a browser opens need HTTP/2.' },
  'executor.endpoint.streamed': { name: 'Streamed', help: 'The answer in pieces, or in one.' },
  'executor.endpoint.tokenLimit': {
    name: 'Field for the limit',
    help: 'In which the server wants the number of tokens.',
  },
  'executor.endpoint.timeoutMs': { name: 'Time-out, ms', help: 'From the sending of a request to its last token.' },
  'executor.endpoint.maxRetries': { name: 'Times sent again', help: 'After a failure that may pass.' },
  'executor.endpoint.firstDelayMs': { name: 'First wait, ms', help: 'Before it is sent again; doubled each time.' },
  'executor.endpoint.maxDelayMs': { name: 'Longest wait, ms', help: 'Whatever the server asks for.' },
  'executor.endpoint.promptPrice': { name: 'Price of reading', help: 'Money per million tokens of prompts.' },
  'executor.endpoint.completionPrice': { name: 'Price of writing', help: 'Money per million tokens of answers.' },
  'executor.endpoint.caps.calls': {
    name: 'Cap in requests',
    help: 'Those sent again included. Reached, the run rests.',
  },
  'executor.endpoint.caps.tokens': { name: 'Cap in tokens', help: 'Of prompts and answers.' },
  'executor.endpoint.caps.money': { name: 'Cap in money', help: 'In the currency of the prices.' },
  'executor.webllm.model': { name: 'Model', help: 'A name of WebLLM’s list, or a model by its addresses.' },
  'executor.webllm.contextTokens': {
    name: 'Context',
    help: 'Tokens of prompt and answer together; less takes less memory.',
  },
  'executor.webllm.thinking': { name: 'Think aloud', help: 'Qwen3: it writes its thoughts before it answers.' },
  'executor.seed': { name: 'Seed of the model', help: 'Of every request; the temperature is 0.' },
  'executor.prompts': { name: 'Prompts', help: 'Texts of acts in the place of the lab’s own.' },
  'executor.explore.unknown': {
    name: 'Explore down to',
    help: 'Share of the policy’s walks that may lead to what was not asked when tasks are measured.',
  },
  'executor.explore.calls': {
    name: 'Calls a measurement',
    help: 'Asked at most to explore the tasks that are measured.',
  },
  'evolution.enabled': {
    name: 'Evolve the library',
    help: 'Skills are proposed, tried and kept or turned down while the run trains.',
  },
  'evolution.control': {
    name: 'Who decides',
    help: 'flow: the method. The others are what it is compared with: none, schedule, random-place, random-prune, paper-prune, no-gate, uniform-credit.',
  },
  'evolution.slots': { name: 'Room for skills', help: 'Skills that the library holds at most; a multiple of 4.' },
  'evolution.when.window': {
    name: 'When: window',
    help: 'Steps over which the loss is averaged, and of rest after a phase.',
  },
  'evolution.when.rho': {
    name: 'When: flat below',
    help: 'A loss that falls by less than this fraction from window to window is flat.',
  },
  'evolution.when.windows': { name: 'When: flat windows', help: 'Windows running that make a plateau.' },
  'evolution.when.least': { name: 'When: loss of nothing', help: 'A loss below this is a plateau, whatever it does.' },
  'evolution.when.headroom': {
    name: 'When: headroom',
    help: 'Share of the training tasks that must be out of reach of the library; below 0 any plateau will do.',
  },
  'evolution.when.every': { name: 'When: every … steps', help: 'Between phases where a schedule decides.' },
  'evolution.what.walks': { name: 'What: walks a task', help: 'Walks of a task that a phase looks at.' },
  'evolution.what.tasks': { name: 'What: tasks', help: 'Training tasks that a phase walks.' },
  'evolution.what.confidence': { name: 'What: confidence', help: 'Coverage of the bootstrap intervals.' },
  'evolution.what.leastVisits': { name: 'What: least visits', help: 'A skill is judged from so many visits on.' },
  'evolution.what.phases': {
    name: 'What: condemned phases',
    help: 'Phases running with both intervals below zero before its removal is tried.',
  },
  'evolution.what.unvisited': {
    name: 'What: unvisited phases',
    help: 'Phases running without a visit before its removal is tried.',
  },
  'evolution.what.doubt': {
    name: 'What: doubt below',
    help: 'Share of all steps below which the removal of the least used is tried, where nothing else is doubted.',
  },
  'evolution.what.retainG': { name: 'What: retain from G', help: 'median, or a number; the published rule has 0.' },
  'evolution.what.retainJ': { name: 'What: retain up to J', help: 'A skill that pays less evenly is worked on.' },
  'evolution.what.same': {
    name: 'What: the same from',
    help: 'Share of like effects from which two skills are merged.',
  },
  'evolution.where.credit': {
    name: 'Where: credit',
    help: 'Centred credit from which a step of a solved walk is a place to look.',
  },
  'evolution.where.gap': {
    name: 'Where: decision gap',
    help: 'Difference of rewards of two walks that part, to look where they do.',
  },
  'evolution.where.least': { name: 'Where: tasks a plan', help: 'Tasks that a plan must be lifted from at least.' },
  'evolution.where.shortest': { name: 'Where: shortest plan', help: 'Acts of a plan at least.' },
  'evolution.where.longest': { name: 'Where: longest plan', help: 'Acts of a plan at most.' },
  'evolution.where.candidates': { name: 'Where: proposals', help: 'Proposals that a phase tries; each costs trials.' },
  'evolution.where.rest': {
    name: 'Where: rest',
    help: 'Phases for which a plan that was turned down is not proposed again.',
  },
  'evolution.where.score': {
    name: 'Where: order',
    help: 'published: by the score of the place. stakes: in turn what is walked where no walk solves the task, and what pays where one does.',
  },
  'evolution.gate.steps': { name: 'Gate: trial steps', help: 'Training steps of each trial.' },
  'evolution.gate.seeds': { name: 'Gate: seeds', help: 'Seeds that each trial is repeated with.' },
  'evolution.gate.gain': {
    name: 'Gate: gain asked for',
    help: 'Mean reward on validation tasks must gain more than this.',
  },
  'evolution.gate.errors': { name: 'Gate: standard errors', help: 'And more than so many standard errors.' },
  'settings.deal': {
    name: 'Deal',
    help: 'Which tasks go to which split. The small model of the lab was trained on the training split of deal 0.',
  },
  'settings.file': { name: 'File of tasks', help: 'JSON Lines, a task a line; see docs/own-tasks.md.' },
  'settings.corpus': {
    name: 'Corpus',
    help: 'Passages that all tasks search beside their own: JSON Lines, text or Markdown; see docs/own-tasks.md.',
  },
  'settings.acts': { name: 'Acts', help: 'What may be asked of the model beside answering.' },
  'settings.dimensions': { name: 'Dimensions', help: 'Axes of the grid.' },
  'settings.height': { name: 'Height', help: 'Cells along each axis.' },
  'settings.R0': { name: 'R0 (everywhere)', help: 'Reward of every cell; the smaller, the harder to cross.' },
  'settings.R1': { name: 'R1 (ring)', help: 'Added in the outer ring of each corner.' },
  'settings.R2': { name: 'R2 (band)', help: 'Added in the narrow band inside the ring.' },
  'settings.depth': { name: 'Depth', help: 'Steps from the root to a leaf.' },
  'settings.branching': { name: 'Branching', help: 'Actions at each state.' },
  'settings.solved': { name: 'Share solved', help: 'Share of the leaves that solve the task.' },
  'settings.observation': {
    name: 'Observation',
    help: 'What a state shows: the path, nothing of it, or merged states.',
  },
  'settings.horizon': {
    name: 'Horizon',
    help: 'Steps after which the task must be finished; states nearly double with each.',
  },
  'settings.plan': {
    name: 'Acts planned for',
    help: 'Acts for which the household is drawn. With more than the horizon, few tasks can be solved without skills.',
  },
  'settings.rooms': { name: 'Rooms', help: 'Rooms of the house.' },
  'settings.receptacles': { name: 'Receptacles', help: 'Containers and appliances together.' },
  'settings.objects': { name: 'Objects', help: 'Things that can be taken.' },
  'settings.evidence': {
    name: 'Evidence',
    help: 'Facts that fit into working memory; states grow about sixfold with each.',
  },
  'settings.hits': { name: 'Search hits', help: 'Passages that a search can give.' },
  'settings.steps': {
    name: 'Steps',
    help: 'Steps until the answer is due. With too few for single acts, tasks need skills.',
  },
  'settings.hurried': { name: 'Hurried tasks', help: 'Share of the tasks that have a single step.' },
  'settings.numbers': { name: 'Numbers', help: 'How many are given; states grow about tenfold with each.' },
  'settings.largest': { name: 'Largest number', help: 'The largest that may be given.' },
  'settings.lowest': { name: 'Lowest target', help: 'No smaller number is asked for.' },
  'settings.highest': { name: 'Highest target', help: 'No larger number is asked for.' },
  'settings.spare': {
    name: 'Spare numbers',
    help: 'Numbers that every task can do without; with 0 most need them all.',
  },
  'settings.fractions': { name: 'Fractions', help: 'Whether a division may leave a remainder.' },
  'settings.countries': { name: 'Countries', help: 'Countries that search and relations know in one task.' },
};

/** The label of a field; a suite's own fields share their names over suites. */
export function labelOf(path: string): Label {
  const general = path.replace(/^suites\[\d+\]\.settings\./, 'settings.').replace(/^suites\[\d+\]\./, 'suites.');
  const known = LABELS[general];
  if (known !== undefined) return known;
  const key = path.slice(path.lastIndexOf('.') + 1);
  const words = key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return { name: words.charAt(0).toUpperCase() + words.slice(1), help: '' };
}
