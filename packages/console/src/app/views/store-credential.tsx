import type { VNode } from 'preact'
import { pathOf, request } from '../api/request.ts'
import { Field, SecretField } from '../parts/field.tsx'
import { Question } from '../parts/question.tsx'
import { toast } from '../parts/toast.tsx'
import { t } from '../words/translate.ts'

/** Asks for a credential and stores it; a known one is replaced. */
export function StoreCredentialDialog({
  owner,
  known,
  onClose,
  onDone,
}: {
  readonly owner: string
  /** Absent for a new one. */
  readonly known?: { readonly provider: string; readonly name: string }
  readonly onClose: () => void
  readonly onDone: () => void
}): VNode {
  const title = known === undefined ? t('Add a credential') : t('Replace {name}', { name: known.name })
  return (
    <Question
      title={title}
      submit={t('Store')}
      onClose={onClose}
      onSubmit={async field => {
        const json = {
          provider: known?.provider ?? field('provider'),
          name: known?.name ?? field('name'),
          value: field('value'),
          description: field('description') || undefined,
        }
        await request(pathOf('users', owner, 'credentials'), { json })
        toast(t('{name} is stored.', { name: json.name }))
        onDone()
      }}
    >
      {known === undefined && <WhichCredential />}
      <SecretField name="value" label={t('Value')} hint={t('Encrypted before it is stored.')} />
      <Field
        name="description"
        label={t('Description')}
        maxLength={500}
        hint={known === undefined ? t('What it is for.') : t('Left empty, the present one stays.')}
      />
    </Question>
  )
}

function WhichCredential(): VNode {
  return (
    <>
      <Field
        name="provider"
        label={t('Provider')}
        required
        maxLength={200}
        list="known-providers"
        hint={t('Such as replicate.')}
      />
      <datalist id="known-providers">
        {['replicate', 'huggingface', 'simpletuner_io'].map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field name="name" label={t('Name')} required maxLength={200} defaultValue="api_token" />
    </>
  )
}
