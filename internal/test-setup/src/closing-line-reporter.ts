import type { Reporter, TestModule } from 'vitest/node'

/** How a test run ended. */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Ends a run with `N passed, N failed`.
 *
 * A file that fails to load and an error outside any test count as failures. Under scripts/check.mjs the counts go to
 * it instead, which adds its own checks and prints the line.
 */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = countTests(modules, errors.length)
    if (process.send) process.send(counts)
    else console.log(closingLine(counts))
  }
}

/** The last line of a run: `12 passed, 0 failed`, with `, 1 skipped` where some were. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function countTests(modules: readonly TestModule[], errors: number): TestCounts {
  const count = { passed: 0, failed: errors, skipped: 0, pending: 0 }
  for (const module of modules) {
    count.failed += module.errors().length
    for (const test of module.children.allTests()) count[test.result().state] += 1
  }
  return { passed: count.passed, failed: count.failed, skipped: count.skipped + count.pending }
}
