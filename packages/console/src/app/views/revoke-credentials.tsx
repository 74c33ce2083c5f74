import type { VNode } from 'preact'
import { pathOf, request } from '../api/request.ts'
import { Choice } from '../parts/field.tsx'
import { Question } from '../parts/question.tsx'
import { toast } from '../parts/toast.tsx'
import { t } from '../words/translate.ts'

/** Removes all credentials, or those for one provider. */
export function RevokeDialog({
  owner,
  providers,
  onClose,
  onDone,
}: {
  readonly owner: string
  readonly providers: readonly string[]
  readonly onClose: () => void
  readonly onDone: () => void
}): VNode {
  return (
    <Question
      title={t('Revoke credentials?')}
      submit={t('Revoke')}
      isDangerous
      onClose={onClose}
      onSubmit={async field => {
        const json = { provider: field('provider') || undefined }
        await request(pathOf('users', owner, 'credentials', 'rotate'), { json })
        toast(t('The credentials are revoked.'))
        onDone()
      }}
    >
      <p class="note warn">
        {t('They are removed with their history. Programs that need them fail until new ones are added.')}
      </p>
      <Choice
        name="provider"
        label={t('Which')}
        options={[['', t('All')], ...providers.map(name => [name, name] as const)]}
      />
    </Question>
  )
}
