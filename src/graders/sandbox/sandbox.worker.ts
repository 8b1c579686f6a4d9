/** The worker in which a page runs what a model wrote. */
import { serveRuns } from './serveRuns.ts';
import type { ToThread } from './threadProtocol.ts';

declare const self: DedicatedWorkerGlobalScope;

const handle = serveRuns((message) => self.postMessage(message));
self.onmessage = ({ data }: MessageEvent<ToThread>) => handle(data);
