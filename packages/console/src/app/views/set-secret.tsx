import type { VNode } from 'preact'
import { pathOf, request } from '../api/request.ts'
import { Field, SecretField } from '../parts/field.tsx'
import { Question } from '../parts/question.tsx'
import { toast } from '../parts/toast.tsx'
import { t } from '../words/translate.ts'

/** Asks for a value and stores it. */
export function SetSecretDialog({
  name,
  onClose,
  onDone,
}: {
  /** Absent for a new key. */
  readonly name?: string
  readonly onClose: () => void
  readonly onDone: () => void
}): VNode {
  return (
    <Question
      title={name === undefined ? t('Set a secret') : t('Set {name}', { name })}
      submit={t('Store')}
      onClose={onClose}
      onSubmit={async field => {
        const key = name ?? field('key')
        await request(pathOf('secrets', key), { json: { value: field('value') } })
        toast(t('{name} is stored.', { name: key }))
        onDone()
      }}
    >
      <p>{t('It is written to the first provider that takes values, at present the secrets file.')}</p>
      {name === undefined && (
        <Field
          name="key"
          label={t('Key')}
          required
          maxLength={256}
          hint={t('As programs ask for it, such as HF_TOKEN.')}
        />
      )}
      <SecretField name="value" label={t('Value')} hint={t('Stored as it is typed, line breaks and spaces too.')} />
    </Question>
  )
}
