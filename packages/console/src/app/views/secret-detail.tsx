import { Button } from '../parts/button.tsx'
import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { SecretExplanation } from '../../api-shapes.ts'
import { pathOf, request } from '../api/request.ts'
import { useResource } from '../api/use-resource.ts'
import { Question } from '../parts/question.tsx'
import { Badge } from '../parts/badge.tsx'
import { Empty, Shown } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { hrefOf } from '../state/route.ts'
import { may } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { t } from '../words/translate.ts'
import { Chain } from './chain.tsx'
import { Reveal } from './reveal.tsx'
import { SetSecretDialog } from './set-secret.tsx'

/** One key: who answers for it, how it was asked, and its value when it is revealed. */
export function SecretDetail({ secretKey }: { readonly secretKey: string }): VNode {
  const explanation = useResource<SecretExplanation>(pathOf('secrets', secretKey, 'explain'))
  return (
    <>
      <ViewHeader title={<bdi class="code">{secretKey}</bdi>} trail={[t('Secrets'), hrefOf(['secrets'])]}>
        <Button onClick={explanation.reload}>{t('Ask again')}</Button>
        <Changes secretKey={secretKey} onDone={explanation.reload} />
      </ViewHeader>
      <Shown of={explanation}>{told => <Told explanation={told} />}</Shown>
    </>
  )
}

function Told({ explanation }: { readonly explanation: SecretExplanation }): VNode {
  const { key, status, source, shadowed } = explanation
  const others = shadowed.filter(({ sameValue }) => !sameValue).map(({ provider }) => provider)
  return (
    <>
      <p class="lead">
        {status === 'found' && <Badge tone="good">{t('{source} answers', { source: source ?? '' })}</Badge>}
        {status === 'missing' && <Badge tone="quiet">{t('nobody has it')}</Badge>}
        {status === 'unresolved' && <Badge tone="bad">{t('not known: somebody could not be asked')}</Badge>}
      </p>
      {others.length > 0 && (
        <p class="note warn">
          {t('{others} holds another value, which is not used. Delete one of them, or change the order.', {
            others: others.join(', '),
          })}
        </p>
      )}
      {status === 'missing' && (
        <Empty title={t('No provider has this key.')}>
          <p>{t('Set it here, or at one of the providers below.')}</p>
        </Empty>
      )}
      {status === 'found' && may('secrets.reveal') && settings.needsSignIn && <Reveal path={pathOf('secrets', key)} />}
      <section aria-labelledby="chain">
        <h2 id="chain">{t('How it was asked')}</h2>
        <Chain explanation={explanation} />
      </section>
    </>
  )
}

/** Setting and deleting, for who may. */
function Changes({ secretKey, onDone }: { readonly secretKey: string; readonly onDone: () => void }): VNode | null {
  const [open, setOpen] = useState<'set' | 'delete'>()
  const close = (): void => setOpen(undefined)
  // Foreign applications give no route that writes.
  if (settings.isReadOnly || !settings.needsSignIn || !may('secrets.write')) return null
  return (
    <>
      <Button onClick={() => setOpen('set')}>{t('Set')}</Button>
      <Button class="danger" onClick={() => setOpen('delete')}>
        {t('Delete')}
      </Button>
      {open === 'set' && <SetSecretDialog name={secretKey} onClose={close} onDone={onDone} />}
      {open === 'delete' && (
        <Question
          isDangerous
          title={t('Delete {name}?', { name: secretKey })}
          submit={t('Delete')}
          onClose={close}
          onSubmit={async () => {
            await request(pathOf('secrets', secretKey), { method: 'DELETE' })
            toast(t('{name} is deleted.', { name: secretKey }))
            onDone()
          }}
        >
          <p>{t('It is removed from the secrets file. Other providers that hold it answer from then on.')}</p>
        </Question>
      )}
    </>
  )
}
