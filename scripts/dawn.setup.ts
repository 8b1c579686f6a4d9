/** WebGPU as a page has it, for tests of pages that run in Node. */
import { nodeGpu } from './lab/nodeDevices.ts';

const gpu = await nodeGpu();
Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
Object.assign(globalThis, { isSecureContext: true });
