/** Language models for runs without a browser. */
import { microInNode } from '../../src/executor/micro/inNode.ts';
import { endpointModel } from '../../src/executor/models.ts';
import type { ExecutorSources } from '../../src/executor/openExecutor.ts';
import { openExecutor } from '../../src/executor/openExecutor.ts';
import { memoryResults } from '../../src/executor/resultStore.ts';
import { toolsOf } from '../../src/executor/tools.ts';
import type { RunParts } from '../../src/session/run.ts';
import { fileResults } from './fileResults.ts';
import { nodeSandboxHost } from './nodeSandbox.ts';

/** The key for the endpoint of a run, which no config holds. */
export const KEY_VARIABLE = 'SKILLFLOW_KEY';

export const nodeModels: ExecutorSources['models'] = { micro: () => microInNode(), endpoint: endpointModel };

/** @param results where results are kept; undefined: nowhere */
export function nodeExecutors(results?: string): RunParts['openExecutor'] {
  return (settings, hooks) =>
    openExecutor(
      settings,
      {
        keyFor: () => process.env[KEY_VARIABLE] ?? null,
        store: results === undefined ? memoryResults('No file was given for results.') : fileResults(results),
        tools: toolsOf(nodeSandboxHost),
        models: nodeModels,
      },
      hooks,
    );
}
