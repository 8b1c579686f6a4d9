/** Counts tests in the JSON that Vitest and Playwright write. A test that did not run has failed. */

/**
 * @param report what Vitest's JSON reporter wrote
 * @returns {{ passed: number, failed: number }} a file that could not be read counts as one failure
 */
export function countVitest(report) {
  let passed = 0;
  let failed = 0;
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++;
      else failed++;
    }
    if (file.assertionResults.length === 0) failed++;
  }
  return { passed, failed };
}

/**
 * @param report what Playwright's JSON reporter wrote
 * @returns {{ passed: number, failed: number }} errors outside of any test count as failures
 */
export function countPlaywright(report) {
  const { expected, skipped, unexpected, flaky } = report.stats;
  return { passed: expected, failed: skipped + unexpected + flaky + report.errors.length };
}

/**
 * What a tier adds to the closing line: a tier without tests, and one that ends badly though each
 * of its tests passed, has failed once.
 * @param counts what its report says; undefined where there is none
 * @param status the exit status of its runner
 */
export function judgeTier(counts, status) {
  if (counts === undefined) return { passed: 0, failed: 1 };
  const sound = counts.passed > 0 && status === 0;
  return sound || counts.failed > 0 ? counts : { passed: counts.passed, failed: 1 };
}
