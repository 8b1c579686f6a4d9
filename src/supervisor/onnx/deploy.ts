/** All that an exported Supervisor needs of the lab where it is used, as one module: public/supervisor.js. */
export { hashedEncoder } from '../../encoder/hashedEncoder.ts';
export { matchingWords } from '../../encoder/textFeatures.ts';
export { backwardFeeds, policyFeeds } from './feeds.ts';
