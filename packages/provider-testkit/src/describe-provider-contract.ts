import { conformanceCases } from './conformance-cases.ts'
import type { ConformanceHarness } from './conformance-harness.ts'

/** The two functions of a test runner that the suite needs; those of vitest, Jest and `node:test` fit. */
export interface TestRunner {
  /** Groups what `body` registers under a title. */
  readonly describe: (title: string, body: () => void) => unknown
  /** Registers one test. */
  readonly it: (title: string, run: () => Promise<void>) => unknown
}

/**
 * Registers every case of the contract with a test runner.
 *
 * @param harness - How to make the provider under test.
 * @param runner - The runner's `describe` and `it`.
 */
export function describeProviderContract(harness: ConformanceHarness, runner: TestRunner): void {
  runner.describe('keeps the provider contract', () => {
    for (const { title, run } of conformanceCases(harness)) runner.it(title, run)
  })
}
