/** Which language model carries out the acts of live suites, and how far their tasks are explored. No key is part of it. */
import { z } from 'zod';
import { endpointSettingsSchema } from './endpoint/settings.ts';
import { PROMPTED_ACTS } from './prompt.ts';
import { webllmSettingsSchema } from './webllm/settings.ts';

export const EXECUTORS = ['micro', 'webllm', 'endpoint'] as const;

export const executorSchema = z
  .strictObject({
    /** `micro`: the small model that ships with the lab; `webllm`: a model in this tab; `endpoint`: one behind a server. */
    kind: z.enum(EXECUTORS).default('micro'),
    endpoint: endpointSettingsSchema.optional(),
    webllm: webllmSettingsSchema.optional(),
    /** Of every request. */
    seed: z.int().min(0).max(0x7fffffff).default(0),
    /** Prompts of acts in the place of those that come with the lab. */
    prompts: z.partialRecord(z.enum(PROMPTED_ACTS), z.string().trim().min(1).max(4000)).default({}),
    /** How far a task is explored before it is measured. */
    explore: z
      .strictObject({
        /** Share of the policy's walks that may lead to what is unknown. */
        unknown: z.number().min(0).max(1).default(0.02),
        /** Calls of one measurement at most. */
        calls: z.int().min(0).max(1_000_000).default(2000),
      })
      .prefault({}),
  })
  .superRefine(({ kind, endpoint, webllm }, context) => {
    const missing = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    if (kind === 'endpoint' && !endpoint) missing('endpoint', 'give the address and the model of the server');
    if (kind === 'webllm' && !webllm) missing('webllm', 'choose a model from the list, or give the addresses of one');
  });
export type ExecutorSettings = z.output<typeof executorSchema>;
