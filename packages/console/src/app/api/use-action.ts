import { useState } from 'preact/hooks'
import { RequestProblem } from './request.ts'

/** Something that a button or a form does. */
export interface Action {
  readonly isBusy: boolean
  /** Why it was refused the last time. */
  readonly problem?: RequestProblem | undefined
  /** Does it; resolves to whether it was done. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>
  readonly clear: () => void
}

/** Keeps two of the same from running at once, and what became of the last. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<RequestProblem>()
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (isBusy) return false
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error
      setProblem(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, run, clear: () => setProblem(undefined), problem }
}
