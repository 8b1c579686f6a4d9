/** The experiments of this browser: its storage, its workers. */
import { SessionClient, startExperimentWorker } from '../../session/client.ts';
import { checkpointFolder, openOpfsStore } from '../../session/opfsStore.ts';
import { variancesInWorker } from '../../session/varianceClient.ts';
import { createExperimentShelf } from './experimentShelf.ts';
import { openExperimentStorage } from './experimentStorage.ts';
import { createExperiments, type Experiments, type ExperimentsParts } from './experimentsStore.ts';
import { makeInSession } from './makeInSession.ts';
import { EXPERIMENTS } from './shipped.ts';

export async function openExperiments(tell: ExperimentsParts['tell']): Promise<Experiments> {
  const [storage, checkpoints] = await Promise.all([
    openExperimentStorage(),
    openOpfsStore(checkpointFolder('experiment')),
  ]);
  return createExperiments({
    shipped: EXPERIMENTS,
    shelf: createExperimentShelf({ storage, checkpoints, tell: (text, hint) => tell('warning', text, hint) }),
    makeWith: (onStanding) => makeInSession({ start: () => new SessionClient(startExperimentWorker()), onStanding }),
    makeVariances: (experiment, signal, onProgress) => variancesInWorker(experiment, signal, onProgress),
    tell,
    date: () => Date.now(),
    cores: navigator.hardwareConcurrency,
    now: () => performance.now(),
  });
}
