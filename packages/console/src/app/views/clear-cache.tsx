import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Cleared } from '../../api-shapes.ts'
import { pathOf, request } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { type Fields, Form } from '../parts/form.tsx'
import { toast } from '../parts/toast.tsx'
import { formatNumber } from '../words/formats.ts'
import { t } from '../words/translate.ts'

type Selection = { readonly key: string } | { readonly prefix: string } | { readonly all: true }

/** What is asked of which cache. */
interface ClearCacheProps {
  readonly name: string
  readonly onClose: () => void
  readonly onCleared: () => void
}

interface Counted {
  readonly selection: Selection
  readonly count: number
}

/** Asks what of a cache to forget, says how much that is, then forgets it. */
export function ClearCache({ name, onClose, onCleared }: ClearCacheProps): VNode {
  const [counted, setCounted] = useState<Counted>()
  const path = pathOf('caches', name, 'invalidate')
  const clear = async (selection: Selection): Promise<void> => {
    const { data } = await request<Cleared>(path, { json: selection })
    toast(t('Entries forgotten: {count}', { count: formatNumber(data.count) }))
    onCleared()
    onClose()
  }
  return (
    <Dialog title={t('Clear {name}', { name })} onClose={onClose}>
      {counted === undefined ? (
        <WhatToForget path={path} onCounted={setCounted} onClose={onClose} />
      ) : (
        <Form
          submit={t('Clear')}
          isDangerous
          onSubmit={() => clear(counted.selection)}
          onCancel={() => setCounted(undefined)}
        >
          <p>{t('Entries that are forgotten: {count}', { count: formatNumber(counted.count) })}</p>
          <p>{t('Whoever asks for them next asks the source. Nothing is lost.')}</p>
        </Form>
      )}
    </Dialog>
  )
}

interface WhatToForgetProps {
  readonly path: `caches/${string}/invalidate`
  readonly onCounted: (counted: Counted) => void
  readonly onClose: () => void
}

function WhatToForget({ path, onCounted, onClose }: WhatToForgetProps): VNode {
  const [what, setWhat] = useState('key')
  const count = async (field: Fields): Promise<void> => {
    const selection = selectionOf(what, field('text'))
    const { data } = await request<Cleared>(path, { json: { ...selection, dryRun: true } })
    onCounted({ selection, count: data.count })
  }
  return (
    <Form submit={t('Count')} onSubmit={count} onCancel={onClose}>
      <Choice
        name="what"
        label={t('What to forget')}
        value={what}
        onChange={setWhat}
        options={[
          ['key', t('one key')],
          ['prefix', t('all keys that begin so')],
          ['all', t('everything')],
        ]}
      />
      {what !== 'all' && (
        <Field name="text" label={what === 'key' ? t('Key') : t('Beginning')} required maxLength={1000} />
      )}
    </Form>
  )
}

function selectionOf(what: string, text: string): Selection {
  if (what === 'all') return { all: true }
  return what === 'key' ? { key: text } : { prefix: text }
}
