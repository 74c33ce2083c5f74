import { Button } from '../parts/button.tsx'
import { Card } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { request } from '../api/request.ts'
import { Field } from '../parts/field.tsx'
import { Question } from '../parts/question.tsx'
import { toast } from '../parts/toast.tsx'
import { me } from '../state/session.ts'
import { t } from '../words/translate.ts'

/** Everything as one file, and putting it back. */
export function Backup(): VNode {
  const [open, setOpen] = useState<'make' | 'restore'>()
  const close = (): void => setOpen(undefined)
  return (
    <Card
      title={t('Backup')}
      actions={
        <>
          <Button onClick={() => setOpen('make')}>{t('Download a backup…')}</Button>
          <Button class="danger" onClick={() => setOpen('restore')}>
            {t('Restore…')}
          </Button>
        </>
      }
    >
      <p>
        {t(
          'The database as one file. It opens only with the keys of this server, or with its passphrase where it holds them.',
        )}
      </p>
      {open === 'make' && <Make onClose={close} />}
      {open === 'restore' && <Restore onClose={close} />}
    </Card>
  )
}

function Make({ onClose }: { readonly onClose: () => void }): VNode {
  return (
    <Question
      title={t('Download a backup')}
      submit={t('Download')}
      onClose={onClose}
      onSubmit={async field => {
        const passphrase = field('passphrase')
        const sealed = passphrase === '' ? {} : { json: { passphrase } }
        const { data } = await request<Blob>('backup', { ...sealed, isFile: true })
        save(data, `st-backup-${new Date().toISOString().slice(0, 10)}.jsonl`)
      }}
    >
      <Field
        name="passphrase"
        type="password"
        label={t('Passphrase')}
        autocomplete="new-password"
        minLength={12}
        maxLength={1000}
        hint={t('With one the keys are in the file too, sealed. Without one it can be restored only where they are.')}
      />
    </Question>
  )
}

function Restore({ onClose }: { readonly onClose: () => void }): VNode {
  const [file, setFile] = useState<File>()
  return (
    <Question
      title={t('Restore a backup')}
      submit={t('Replace everything')}
      isDangerous
      onClose={onClose}
      onSubmit={async field => {
        if (file === undefined) return
        const passphrase = field('passphrase')
        const headers = {
          'content-type': 'application/octet-stream',
          ...(passphrase === '' ? {} : { 'backup-passphrase': base64(passphrase) }),
        }
        await request('backup/restore', { upload: { file, headers } })
        toast(t('The backup is restored. Sign in again.'))
        me.value = undefined
      }}
    >
      <p class="note warn">
        {t(
          'Everything that is here now is replaced, and everybody has to sign in again. A backup whose key does not open its data is refused.',
        )}
      </p>
      <Field
        name="file"
        type="file"
        label={t('Backup')}
        required
        onChange={event => setFile(event.currentTarget.files?.[0])}
      />
      <Field
        name="passphrase"
        type="password"
        label={t('Passphrase')}
        maxLength={1000}
        hint={t('Where it was made with one.')}
      />
    </Question>
  )
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The download has its own hold on it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)))
}
