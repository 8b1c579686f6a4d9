/** The small model keeps to the contract of every language model. */

import { describeModel } from '../contract.fixture.ts';
import { MICRO_CONTRACT } from './contractQuestions.fixture.ts';
import { microInNode } from './inNode.ts';

describeModel('micro', () => microInNode(), { ...MICRO_CONTRACT, schema: 'refused' });
