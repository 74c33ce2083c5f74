import { conformanceCases } from '../conformance-cases.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'

/** Titles of the cases that fail, one after another: some of them watch the whole process. */
export async function failuresOf(harness: ConformanceHarness): Promise<readonly string[]> {
  const titles: string[] = []
  for (const { title, run } of conformanceCases(harness)) {
    await run().catch(() => titles.push(title))
  }
  return titles
}
