import { Button } from '../parts/button.tsx'
import { Trail, ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { type Action, useAction } from '../api/use-action.ts'
import { pathOf, request } from '../api/request.ts'
import type { Credential, CredentialPath, CredentialVerdict } from '../api/shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge } from '../parts/badge.tsx'
import { Question } from '../parts/question.tsx'
import { Figure } from '../parts/figure.tsx'
import { Moment } from '../parts/moment.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { Shown } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { hrefOf, navigate } from '../state/route.ts'
import { may } from '../state/session.ts'
import { t } from '../words/translate.ts'
import { CredentialHistory } from './credential-history.tsx'
import { CredentialBadge } from './credential-badge.tsx'
import { Reveal } from './reveal.tsx'
import { StoreCredentialDialog } from './store-credential.tsx'

/** What the service that a credential is for says about it. */
/** One credential: its age, whether it works, its history. */
export function CredentialDetail({
  owner,
  provider,
  name,
}: {
  readonly owner: string
  readonly provider: string
  readonly name: string
}): VNode {
  const path = pathOf('users', owner, 'credentials', provider, name)
  const told = useResource<Credential>(path)
  const list = hrefOf(['credentials'], { user: owner === 'me' ? undefined : owner })
  return (
    <>
      <Trail to={[t('Credentials'), list]} />
      <Shown of={told}>
        {credential => (
          <>
            <Header owner={owner} path={path} credential={credential} onChange={told.reload} list={list} />
            <dl class="figures card">
              <Figure label={t('Provider')}>
                <bdi>{credential.provider}</bdi>
              </Figure>
              <Figure label={t('Description')}>
                <bdi>{credential.description ?? '–'}</bdi>
              </Figure>
              <Figure label={t('Added')}>
                <Moment at={credential.createdAt} />
              </Figure>
              <Figure label={t('Changed')}>
                <Moment at={credential.updatedAt} />
              </Figure>
              <Figure label={t('Last used')}>
                <Moment at={credential.lastUsedAt} />
              </Figure>
            </dl>
            {may('secrets.reveal') && <Reveal path={path} />}
            <CredentialHistory path={path} credential={credential} onChange={told.reload} />
          </>
        )}
      </Shown>
    </>
  )
}

interface HeaderProps {
  readonly owner: string
  readonly path: CredentialPath
  readonly credential: Credential
  readonly onChange: () => void
  readonly list: string
}

function Header({ owner, path, credential, onChange, list }: HeaderProps): VNode {
  const { name, isActive } = credential
  const action = useAction()
  const [open, setOpen] = useState<'replace' | 'delete'>()
  const close = (): void => setOpen(undefined)
  const switchOver = (): void =>
    void action.run(async () => {
      await request(`${path}/${isActive ? 'deactivate' : 'activate'}`, { method: 'POST' })
      onChange()
    })
  return (
    <>
      <ViewHeader title={<bdi class="code">{name}</bdi>}>
        <CredentialBadge credential={credential} /> <Badge tone="quiet">{t('encrypted')}</Badge>
        <Button class="primary" onClick={() => setOpen('replace')}>
          {t('Replace')}
        </Button>
        <Validate path={path} action={action} />
        <Button disabled={action.isBusy} onClick={switchOver}>
          {isActive ? t('Deactivate') : t('Activate')}
        </Button>
        <Button class="danger" onClick={() => setOpen('delete')}>
          {t('Delete')}
        </Button>
      </ViewHeader>
      <ProblemNote problem={action.problem} />
      {open === 'replace' && (
        <StoreCredentialDialog owner={owner} known={credential} onClose={close} onDone={onChange} />
      )}
      {open === 'delete' && (
        <Question
          isDangerous
          title={t('Delete {name}?', { name })}
          submit={t('Delete')}
          onClose={close}
          onSubmit={async () => {
            await request(path, { method: 'DELETE' })
            toast(t('{name} is deleted.', { name }))
            navigate(list)
          }}
        >
          <p>{t('It is removed with its history. To keep it without its being used, deactivate it.')}</p>
        </Question>
      )}
    </>
  )
}

function Validate({ path, action }: { readonly path: CredentialPath; readonly action: Action }): VNode {
  const validate = (): void =>
    void action.run(async () => {
      const { data } = await request<CredentialVerdict>(`${path}/validate`, { method: 'POST' })
      toast(verdictText(data))
    })
  return (
    <Button disabled={action.isBusy} onClick={validate}>
      {t('Validate')}
    </Button>
  )
}

function verdictText({ outcome, account, reason }: CredentialVerdict): string {
  if (outcome === 'valid') {
    return account === undefined ? t('The service accepts it.') : t('The service accepts it: {account}', { account })
  }
  if (outcome === 'invalid') return t('The service refuses it. Replace it.')
  if (outcome === 'missing') return t('There is no credential.')
  if (outcome === 'unsupported') return t('Nobody knows how to ask about this kind of credential.')
  return t('The service did not answer as expected ({reason}). Try again later.', { reason: reason ?? '–' })
}
