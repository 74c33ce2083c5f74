import { readFileContent, readFileContentSync } from './file-content.ts'
import type { FileContent, ReadingRules } from './file-content.ts'
import { surroundingExposures, surroundingExposuresSync } from './file-exposure.ts'
import type { Exposure } from './file-exposure.ts'
import { exposed } from './file-fault.ts'

/** The text of a file as `readFileContent` gives it; the rules are asked of its directories too. */
export async function readPrivateFile(filePath: string, rules: ReadingRules): Promise<FileContent | undefined> {
  const content = await readFileContent(filePath, rules)
  if (content !== undefined && rules.refusesExposure) refuse(await surroundingExposures(filePath))
  return content
}

/** {@link readPrivateFile} without waiting. */
export function readPrivateFileSync(filePath: string, rules: ReadingRules): FileContent | undefined {
  const content = readFileContentSync(filePath, rules)
  if (content !== undefined && rules.refusesExposure) refuse(surroundingExposuresSync(filePath))
  return content
}

/** Refuses to make a file where others could replace it. */
export async function requirePrivateDirectory(filePath: string, rules: ReadingRules): Promise<void> {
  if (rules.refusesExposure) refuse(await surroundingExposures(filePath))
}

function refuse([exposure]: readonly Exposure[]): void {
  if (exposure) throw exposed(exposure)
}
