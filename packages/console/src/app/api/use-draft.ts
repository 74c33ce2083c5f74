import { useState } from 'preact/hooks'
import { leaveGuard } from '../state/route.ts'
import { t } from '../words/translate.ts'
import type { Resource } from './use-resource.ts'

/** Something that is being edited. */
export interface Draft<T> {
  /** As it was when typing began: what was typed belongs to that version, and stays when another one is told. */
  readonly shown: Resource<T>
  /** Typing has begun. */
  readonly note: () => void
  /** What was typed is stored, or given up. */
  readonly end: () => void
}

/** Keeps a version while it is edited, and asks before the page is left with it. */
export function useDraft<T>(latest: Resource<T>): Draft<T> {
  const [kept, setKept] = useState<Resource<T>>()
  return {
    shown: kept ?? latest,
    note: () => {
      if (kept === undefined) setKept(latest)
      leaveGuard.value = () => confirm(t('What you typed is not saved. Leave all the same?'))
    },
    end: () => {
      leaveGuard.value = undefined
      setKept(undefined)
      latest.reload()
    },
  }
}
