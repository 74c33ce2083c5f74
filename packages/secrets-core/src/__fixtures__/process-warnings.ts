import { afterEach, beforeEach, vi } from 'vitest'

/** A warning that the process was told to print. */
export interface ProcessWarning {
  readonly message: string
  readonly type: string | undefined
  readonly code: string | undefined
  readonly detail: string | undefined
}

/** Keeps the warnings of a file's tests from being printed; gives those of the running test. */
export function processWarnings(): () => readonly ProcessWarning[] {
  const warnings: ProcessWarning[] = []
  beforeEach(() => {
    warnings.length = 0
    vi.spyOn(process, 'emitWarning').mockImplementation((warning: unknown, options: unknown) => {
      // The two forms that are in use: an error from Node itself, a message with options from the manager.
      const { type, code, detail } = (options ?? {}) as Partial<ProcessWarning>
      const named = warning instanceof Error ? warning : { message: String(warning), name: type }
      warnings.push({ message: named.message, type: named.name, code, detail })
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  return () => warnings
}
