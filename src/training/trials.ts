/** Trials of a phase: forks of a run, each with a library of its own, trained for a while and measured on validation tasks. */
import type { Encoder } from '../encoder/encoder.ts';
import type { TrialRewards } from '../evolution/gate.ts';
import type { Backend } from '../gpu/backend.ts';
import { scoped } from '../gpu/scoped.ts';
import type { Library } from '../skills/skill.ts';
import { randomSource } from '../worlds/random.ts';
import type { Snapshot } from './checkpoint.ts';
import type { RunConfig } from './config.ts';
import { skillsOf } from './libraryOf.ts';
import type { RunTrainer } from './liveTrainer.ts';
import { makeTrainer } from './liveTrainer.ts';
import type { Driver, Units } from './patiently.ts';
import { patiently } from './patiently.ts';
import type { TrainerHooks } from './trainer.ts';

/** Keeps the seeds of trials apart from every other use of the seed. */
const STREAM = 0xe703;

export interface Trial {
  readonly rewards: TrialRewards;
  /** Best success that the library allows on the training tasks, exactly. */
  readonly attainable: number;
}

/** Places in which `after` holds another plan than `before`, or a plan where that has none. */
export function freshSlots(before: Library, after: Library): readonly number[] {
  return after.skills
    .filter((skill) => {
      const old = before.skills.find(({ slot }) => slot === skill.slot);
      return !old || JSON.stringify([old.plan, old.allows]) !== JSON.stringify([skill.plan, skill.allows]);
    })
    .map(({ slot }) => slot);
}

export class Trials {
  /** Steps that the executor carried out in the forks. */
  executorCalls = 0;
  readonly #config: RunConfig;
  readonly #backend: Backend;
  readonly #hooks: TrainerHooks;
  readonly #driver: Driver;
  readonly #library: Library;
  readonly #encoder: Encoder;
  readonly #snapshot: Snapshot;
  readonly #settings: { readonly steps: number; readonly seeds: number };
  #unchanged: Trial | null = null;

  /** @param snapshot the parent's state, which every fork begins with; `library` and `encoder` are the parent's */
  constructor(
    config: RunConfig,
    backend: Backend,
    hooks: TrainerHooks,
    driver: Driver,
    library: Library,
    encoder: Encoder,
    snapshot: Snapshot,
    settings: { readonly steps: number; readonly seeds: number },
  ) {
    this.#config = config;
    this.#backend = backend;
    this.#hooks = hooks;
    this.#driver = driver;
    this.#library = library;
    this.#encoder = encoder;
    this.#snapshot = snapshot;
    this.#settings = settings;
  }

  /** The fork in which nothing is changed, held once. */
  async *unchanged(): Units<Trial> {
    this.#unchanged ??= yield* this.hold(this.#library, 'the library as it is');
    return this.#unchanged;
  }

  /** A fork with another library. Yields after every step of training. */
  async *hold(library: Library, what: string): Units<Trial> {
    const { steps, seeds } = this.#settings;
    const changed = library !== this.#library;
    return yield* this.#fork(
      library,
      async function* (this: Trials, fork: RunTrainer) {
        const rewards: (readonly number[])[] = [];
        const begun = Number(this.#snapshot.metadata.executorCalls);
        for (let seed = 0; seed < seeds; seed++) {
          fork.walkSeed = randomSource(this.#config.seed, STREAM, fork.step, seed).int(2 ** 32);
          const change = { fresh: freshSlots(this.#library, library), afresh: changed };
          yield* patiently(this.#driver, (signal) => fork.adopt(this.#snapshot, change, signal));
          for (let step = 0; step < steps; step++) {
            const done = (seed + step / steps) / seeds;
            this.#hooks.onProgress(
              `Trial of ${what}: seed ${seed + 1} of ${seeds}, step ${step + 1} of ${steps}`,
              done,
            );
            yield* patiently(this.#driver, (signal) => fork.train(1, { signal }));
            yield;
          }
          rewards.push(yield* patiently(this.#driver, (signal) => fork.rewardsOf('validation', signal)));
          this.executorCalls += Number((await fork.save()).metadata.executorCalls) - begun;
          yield;
        }
        return { rewards, attainable: fork.attainable('train') };
      }.bind(this),
    );
  }

  /** What a library would allow, without training anything. */
  async *look(library: Library): Units<number> {
    return yield* this.#fork(library, async function* (fork: RunTrainer) {
      yield;
      return fork.attainable('train');
    });
  }

  async *#fork<T>(library: Library, use: (fork: RunTrainer) => Units<T>): Units<T> {
    const scope = scoped(this.#backend);
    try {
      const fork = await makeTrainer(this.#config, scope, this.#hooks, {
        skills: skillsOf(this.#config, library),
        splits: ['train', 'validation'],
        references: false,
        encoder: this.#encoder,
      });
      return yield* use(fork);
    } finally {
      scope.destroy();
    }
  }
}
