import { Button } from './button.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { type Answer, request, type RequestOptions, RequestProblem } from '../api/request.ts'
import { t } from '../words/translate.ts'
import { Dialog } from './dialog.tsx'
import { Form } from './form.tsx'
import { Table } from './table.tsx'

/** A change that somebody else came before. */
export interface Conflict<T> {
  readonly found?:
    | {
        /** As the server has it now. */
        readonly theirs: T
        readonly mine: Readonly<Record<string, unknown>>
        readonly etag: string | undefined
        readonly sent: RequestOptions
      }
    | undefined
  /** Sends a change; when somebody else came before, shows both versions and rejects. */
  readonly save: (sent: RequestOptions, mine: Readonly<Record<string, unknown>>) => Promise<Answer<T>>
  /** Sends it again, for the version that was shown. */
  readonly overwrite: () => Promise<Answer<T> | undefined>
  readonly drop: () => void
}

/** @param path - Of what is changed. */
export function useConflict<T>(path: string): Conflict<T> {
  const [found, setFound] = useState<Conflict<T>['found']>()
  const save: Conflict<T>['save'] = async (sent, mine) => {
    try {
      const stored = await request<T>(path, sent)
      setFound(undefined)
      return stored
    } catch (error) {
      if (!(error instanceof RequestProblem) || error.status !== 412) throw error
      const { data: theirs, etag } = await request<T>(path)
      setFound({ theirs, mine, etag, sent })
      throw error
    }
  }
  return {
    found,
    save,
    overwrite: async () => found && save({ ...found.sent, ifMatch: found.etag }, found.mine),
    drop: () => setFound(undefined),
  }
}

/** Shows what both have, field by field, and asks which is to be. */
export function ConflictDialog<T extends object>({
  conflict,
  labels,
  onSaved,
}: {
  readonly conflict: Conflict<T>
  /** Names of the fields that are compared. */
  readonly labels: Readonly<Record<string, string>>
  /** The server's version, or the one that was sent, is the one that holds. */
  readonly onSaved: (stored?: Answer<T>) => void
}): VNode | null {
  const { found, overwrite, drop } = conflict
  if (found === undefined) return null
  const rows = differences(found.mine, found.theirs, labels)
  const takeTheirs = (): void => {
    drop()
    onSaved()
  }
  return (
    <Dialog title={t('Somebody else has changed this')} onClose={drop} isWide>
      <p>
        {t('Both versions are shown. Nothing of yours is stored yet, and nothing of theirs is lost until you decide.')}
      </p>
      <Table
        caption={t('Both versions')}
        rows={rows}
        rowKey={({ label }) => label}
        columns={[
          { label: t('Field'), cell: ({ label }) => label },
          { label: t('Yours'), cell: row => <bdi class="code">{row.mine}</bdi> },
          { label: t('Theirs, stored now'), cell: row => <bdi class="code">{row.theirs}</bdi> },
        ]}
      />
      <Form submit={t('Store mine')} isDangerous onCancel={drop} onSubmit={async () => onSaved(await overwrite())} />
      <Button onClick={takeTheirs}>{t('Take theirs')}</Button>
    </Dialog>
  )
}

interface Difference {
  readonly label: string
  readonly mine: string
  readonly theirs: string
}

function differences(
  mine: Readonly<Record<string, unknown>>,
  theirs: object,
  labels: Readonly<Record<string, string>>,
): readonly Difference[] {
  const stored = new Map(Object.entries(theirs))
  return Object.entries(labels)
    .map(([name, label]) => ({ label, mine: text(mine[name]), theirs: text(stored.get(name)) }))
    .filter(row => row.mine !== row.theirs)
}

function text(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
