/** The worker thread in which Node runs what a model wrote. */
import { parentPort } from 'node:worker_threads';
import { serveRuns } from '../../src/graders/sandbox/serveRuns.ts';
import type { ToThread } from '../../src/graders/sandbox/threadProtocol.ts';

if (parentPort === null) throw new Error('This program runs in a worker thread.');
const port = parentPort;
const handle = serveRuns((message) => port.postMessage(message));
port.on('message', (message: ToThread) => handle(message));
