import type { Reporter, TestModule } from 'vitest/node'

/** How tests ended. */
export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

/**
 * Ends a run with `N passed, N failed`.
 *
 * A file that fails to load and an error outside any test count as failures. Under scripts/run-checks.mjs the counts go
 * to it instead, which adds its own checks and prints the line.
 */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const workspaces: Record<string, TestCounts> = {}
    const all = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      const counts = (workspaces[module.project.name] ??= { passed: 0, failed: errors.length, skipped: 0 })
      countTests(module, counts)
      countTests(module, all)
    }
    if (process.send) process.send({ all, workspaces })
    else console.log(closingLine(all))
  }
}

/** The last line of a run: `12 passed, 0 failed`, with `, 1 skipped` where some were. */
export function closingLine({ passed, failed, skipped }: Readonly<TestCounts>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function countTests(module: TestModule, counts: TestCounts): void {
  counts.failed += module.errors().length
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    counts[state === 'pending' ? 'skipped' : state] += 1
  }
}
