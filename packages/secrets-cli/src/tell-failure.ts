import type { ExitCode } from './exit-codes.ts'
import { failureReport } from './failure-report.ts'
import type { Output } from './output.ts'

/** Tells the user about a failure, in one message on standard error, and gives what the process is to end with. */
export async function tellFailure(error: unknown, output: Output): Promise<ExitCode> {
  const report = failureReport(error)
  const { message, hint } = report
  const lines = [`${output.styled('red', 'error:', 'stderr')} ${message}`, ...(hint === undefined ? [] : [hint])]
  try {
    await output.failure(output.isJson ? JSON.stringify({ error: report }) : lines.join('\n'))
  } catch {
    // Nowhere to tell it; the exit code does.
  }
  return report.exitCode
}
