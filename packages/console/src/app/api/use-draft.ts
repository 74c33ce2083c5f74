import { useState } from 'preact/hooks'
import { leaveGuard } from '../state/route.ts'
import { t } from '../words/translate.ts'
import type { Answer } from './request.ts'
import type { Resource } from './use-resource.ts'

/** Something that is being edited. */
export interface Draft<T> {
  /** As it was when typing began: what was typed belongs to that version, and stays when another one is told. */
  readonly shown: Resource<T>
  /** Typing has begun. */
  readonly note: () => void
  /** What was typed is stored, which was answered so, or given up. */
  readonly end: (stored?: Answer<T>) => void
  /** Of the form: another one where its fields are to be those of another version. */
  readonly key: string | undefined
}

/** Keeps a version while it is edited, and asks before the page is left with it. */
export function useDraft<T>(latest: Resource<T>): Draft<T> {
  const [kept, setKept] = useState<Resource<T>>()
  const [keys] = useState<Record<string, string | undefined>>({})
  const shown = kept ?? latest
  // What was stored is in the fields already, and more may have been typed since.
  const key = keys[shown.etag ?? ''] ?? shown.etag
  return {
    shown,
    key,
    note: () => {
      if (kept === undefined) setKept(latest)
      leaveGuard.value = () => confirm(t('What you typed is not saved. Leave all the same?'))
    },
    end: stored => {
      leaveGuard.value = undefined
      setKept(undefined)
      if (stored === undefined) latest.reload()
      else {
        keys[stored.etag ?? ''] = key
        latest.adopt(stored)
      }
    },
  }
}
