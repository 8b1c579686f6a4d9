import { describeBackend } from './testing/contract.ts';
import { testBackend } from './testing/testBackend.ts';

describeBackend('WebGPU', testBackend);
