import { createCpuBackend } from '../../../gpu/cpuBackend.ts';
import { describeSampler } from './sampler.fixture.ts';

describeSampler(async () => createCpuBackend('f32'), 50_000);
