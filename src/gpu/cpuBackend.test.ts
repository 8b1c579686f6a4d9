import { createCpuBackend } from './cpuBackend.ts';
import { describeBackend } from './testing/contract.ts';

describeBackend('CPU', async () => createCpuBackend());
describeBackend('CPU (float64)', async () => createCpuBackend('f64'));
