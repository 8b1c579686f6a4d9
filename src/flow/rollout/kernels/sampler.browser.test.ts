import { testBackend } from '../../../gpu/testing/testBackend.ts';
import { describeSampler } from './sampler.fixture.ts';

describeSampler(testBackend, 4096);
