// A Vitest reporter that writes what scripts/test.mjs sums up. The built-in JSON reporter leaves out why a test was skipped.
import { writeFileSync } from 'node:fs';

/**
 * @typedef {{ name: string, file: string, state: 'passed' | 'failed' | 'skipped', milliseconds: number, note?: string, failedFirst?: string }} TestReport
 */

export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {TestReport[]} */
    const tests = [];
    for (const module of modules) {
      const file = module.relativeModuleId;
      for (const test of module.children.allTests()) {
        const result = test.result();
        const note = result.state === 'skipped' ? result.note : undefined;
        tests.push({
          name: test.fullName,
          file,
          state: result.state === 'pending' ? 'failed' : result.state, // pending: a test that never ended
          milliseconds: test.diagnostic()?.duration ?? 0,
          ...(note ? { note } : {}),
        });
      }
      // A file that does not load, or a hook that throws, fails without a failed test.
      if (module.errors().length > 0) tests.push({ name: '(the file itself)', file, state: 'failed', milliseconds: 0 });
    }
    for (const _ of unhandledErrors) {
      tests.push({ name: '(an error that no test caught)', file: '', state: 'failed', milliseconds: 0 });
    }
    const path = process.env.FEASIBLE_REPORT;
    if (path) writeFileSync(path, JSON.stringify(tests));
  }
}
