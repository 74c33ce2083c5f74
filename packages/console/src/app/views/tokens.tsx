import { Button } from '../parts/button.tsx'
import type { VNode } from 'preact'
import { Card } from '../parts/layout.tsx'
import { useState } from 'preact/hooks'
import { useAction } from '../api/use-action.ts'
import { pathOf, request } from '../api/request.ts'
import type { ApiToken, UserPath } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { Badge } from '../parts/badge.tsx'
import { Field } from '../parts/field.tsx'
import { Question } from '../parts/question.tsx'
import { Moment } from '../parts/moment.tsx'
import { OnceShown } from '../parts/once-shown.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { PagedList } from '../parts/paged-list.tsx'
import { Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { t } from '../words/translate.ts'

/** What programs sign in with in somebody's name. */
export function TokenList({ owner }: { readonly owner: string }): VNode {
  const path = pathOf('users', owner, 'tokens')
  const pages = usePages<ApiToken>(path, 'tokens')
  const { reload } = pages
  const [isAdding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string>()
  const revoking = useAction()
  const done = (): void => {
    setSecret(undefined)
    reload()
  }
  const revoke = (id: number): void =>
    void revoking.run(async () => {
      await request(`${path}/${id}`, { method: 'DELETE' })
      reload()
    })
  return (
    <Card title={t('API tokens')} actions={<Button onClick={() => setAdding(true)}>{t('Make a token')}</Button>}>
      <ProblemNote problem={revoking.problem} />
      <PagedList
        pages={pages}
        empty={
          <Empty title={t('There is no token.')}>
            <p>{t('Programs sign in with one instead of a password.')}</p>
          </Empty>
        }
      >
        {tokens => <TokenTable tokens={tokens} isBusy={revoking.isBusy} onRevoke={revoke} />}
      </PagedList>
      {isAdding && <NewToken path={path} onClose={() => setAdding(false)} onMade={setSecret} />}
      {secret !== undefined && (
        <OnceShown title={t('API token')} secret={secret} onClose={done}>
          <p>
            {t('Programs send it as')} <code>Authorization: Bearer …</code>
          </p>
        </OnceShown>
      )}
    </Card>
  )
}

function TokenTable({
  tokens,
  isBusy,
  onRevoke,
}: {
  readonly tokens: readonly ApiToken[]
  readonly isBusy: boolean
  readonly onRevoke: (id: number) => void
}): VNode {
  return (
    <Table
      caption={t('API tokens')}
      rows={tokens}
      rowKey={({ id }) => id}
      columns={[
        { label: t('Name'), cell: ({ name }) => <bdi>{name}</bdi> },
        { label: t('Begins with'), cell: ({ prefix }) => <span class="code">{prefix}…</span> },
        { label: t('Made'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { label: t('Last used'), cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
        { label: t('Good until'), cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
        {
          label: t('Actions'),
          isAction: true,
          cell: ({ id, revokedAt, name }) =>
            revokedAt === undefined ? (
              <Button disabled={isBusy} aria-label={t('Revoke {name}', { name })} onClick={() => onRevoke(id)}>
                {t('Revoke')}
              </Button>
            ) : (
              <Badge tone="quiet">{t('revoked')}</Badge>
            ),
        },
      ]}
    />
  )
}

function NewToken({
  path,
  onClose,
  onMade,
}: {
  readonly path: `${UserPath}/tokens`
  readonly onClose: () => void
  readonly onMade: (secret: string) => void
}): VNode {
  return (
    <Question
      title={t('Make a token')}
      submit={t('Make')}
      onClose={onClose}
      onSubmit={async field => {
        const day = field('expires')
        const expiresAt = day && new Date(`${day}T23:59:59`).toISOString()
        const json = { name: field('name'), expiresAt: expiresAt || undefined }
        const { data } = await request<{ readonly secret: string }>(path, { json })
        // Before the token is shown, over which nothing may close.
        onClose()
        onMade(data.secret)
      }}
    >
      <Field name="name" label={t('Name')} required maxLength={100} hint={t('To know it by.')} />
      <Field name="expires" type="date" label={t('Good until')} hint={t('Without a day it does not expire.')} />
    </Question>
  )
}
