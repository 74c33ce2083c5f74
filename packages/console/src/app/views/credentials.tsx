import { Button } from '../parts/button.tsx'
import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Credential, User } from '../api/shapes.ts'
import { pathOf } from '../api/request.ts'
import { usePages } from '../api/use-pages.ts'
import { ChoiceFilter, filterText, Filters, TextFilter } from '../parts/filters.tsx'
import { Moment } from '../parts/moment.tsx'
import { PagedList } from '../parts/paged-list.tsx'
import { Empty } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { hrefOf } from '../state/route.ts'
import { may, me } from '../state/session.ts'
import { t } from '../words/translate.ts'
import { CredentialBadge } from './credential-badge.tsx'
import { CredentialDetail } from './credential-detail.tsx'
import { CredentialSettings } from './credential-settings.tsx'
import { StoreCredentialDialog } from './store-credential.tsx'
import { RevokeDialog } from './revoke-credentials.tsx'

/** `credentials`: what users have stored; `credentials/PROVIDER/NAME`: one of them. */
export function CredentialsView({
  shown: provider,
  detail: name,
}: {
  readonly shown?: string | undefined
  readonly detail?: string | undefined
}): VNode {
  const owner = filterText('user') || 'me'
  if (provider === undefined || name === undefined) return <CredentialList key={owner} owner={owner} />
  return <CredentialDetail key={`${owner}/${provider}/${name}`} owner={owner} provider={provider} name={name} />
}

function CredentialList({ owner }: { readonly owner: string }): VNode {
  const pages = usePages<Credential>(pathOf('users', owner, 'credentials'), 'credentials')
  const { items, reload } = pages
  const [open, setOpen] = useState<'store' | 'revoke'>()
  const close = (): void => setOpen(undefined)
  const providers = [...new Set(items.map(({ provider }) => provider))].toSorted()
  return (
    <>
      <ViewHeader title={t('Credentials')}>
        <Button onClick={reload}>{t('Refresh')}</Button>
        <Button class="primary" onClick={() => setOpen('store')}>
          {t('Add a credential')}
        </Button>
        <Button class="danger" disabled={items.length === 0} onClick={() => setOpen('revoke')}>
          {t('Revoke…')}
        </Button>
      </ViewHeader>
      <p class="lead">{t('Encrypted at rest. One that is found here goes before the secret of the server.')}</p>
      <CredentialFilters providers={providers} />
      <PagedList
        pages={pages}
        shown={items.filter(matchesFilters)}
        empty={
          <Empty title={t('There is no credential.')}>
            <p>{t('Add one, such as the API token of a provider.')}</p>
          </Empty>
        }
        unmatched={[t('No credential matches these filters.'), 'credentials']}
      >
        {credentials => <CredentialTable credentials={credentials} owner={owner} />}
      </PagedList>
      {may('provider.configure') && <CredentialSettings />}
      {open === 'store' && <StoreCredentialDialog owner={owner} onClose={close} onDone={reload} />}
      {open === 'revoke' && <RevokeDialog owner={owner} providers={providers} onClose={close} onDone={reload} />}
    </>
  )
}

function CredentialFilters({ providers }: { readonly providers: readonly string[] }): VNode {
  return (
    <Filters>
      <TextFilter label={t('Name')} />
      <ChoiceFilter name="provider" label={t('Provider')} options={providers.map(name => [name, name])} />
      <ChoiceFilter
        name="status"
        label={t('State')}
        options={[
          ['active', t('fresh')],
          ['expiring', t('expiring')],
          ['stale', t('stale')],
          ['inactive', t('deactivated')],
        ]}
      />
      {may('admin.users') && <OwnerFilter />}
    </Filters>
  )
}

/** Whose credentials are shown, for administrators. */
function OwnerFilter(): VNode {
  const { items } = usePages<User>('users', 'users')
  const own = me.value
  const others = items.filter(({ id }) => typeof own !== 'object' || id !== own.userId)
  return (
    <ChoiceFilter
      name="user"
      label={t('Whose')}
      everything={t('Mine')}
      options={others.map(({ id, name }) => [String(id), name])}
    />
  )
}

function CredentialTable({
  credentials,
  owner,
}: {
  readonly credentials: readonly Credential[]
  readonly owner: string
}): VNode {
  const user = owner === 'me' ? undefined : owner
  return (
    <Table
      caption={t('Credentials')}
      rows={credentials}
      rowKey={({ id }) => id}
      columns={[
        {
          label: t('Name'),
          cell: ({ provider, name }) => (
            <a href={hrefOf(['credentials', provider, name], { user })}>
              <bdi class="code">{name}</bdi>
            </a>
          ),
        },
        { label: t('Provider'), cell: ({ provider }) => <bdi>{provider}</bdi> },
        { label: t('State'), cell: credential => <CredentialBadge credential={credential} /> },
        { label: t('Changed'), cell: ({ updatedAt }) => <Moment at={updatedAt} /> },
        { label: t('Last used'), cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
      ]}
    />
  )
}

function matchesFilters({ name, provider, description, isActive, status }: Credential): boolean {
  const [text, wanted, state] = [filterText('q').toLowerCase(), filterText('provider'), filterText('status')]
  if (!`${name} ${description ?? ''}`.toLowerCase().includes(text)) return false
  if (wanted !== '' && provider !== wanted) return false
  if (state === '') return true
  return state === 'inactive' ? !isActive : isActive && status === state
}
