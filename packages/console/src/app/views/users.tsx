import { Button } from '../parts/button.tsx'
import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { request } from '../api/request.ts'
import type { User } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { Badge } from '../parts/badge.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { Question } from '../parts/question.tsx'
import { ChoiceFilter, filterText, Filters, TextFilter } from '../parts/filters.tsx'
import { Moment } from '../parts/moment.tsx'
import { PagedList } from '../parts/paged-list.tsx'
import { Table } from '../parts/table.tsx'
import { toast } from '../parts/toast.tsx'
import { hrefOf } from '../state/route.ts'
import { t } from '../words/translate.ts'
import { roleNames, roleOptions } from './roles.ts'
import { UserDetail } from './user-detail.tsx'

/** `users`: who may sign in; `users/ID`: one of them. */
export function UsersView({ shown }: { readonly shown?: string | undefined }): VNode {
  return shown === undefined ? <UserList /> : <UserDetail key={shown} id={shown} />
}

function UserList(): VNode {
  const pages = usePages<User>('users', 'users')
  const [isAdding, setAdding] = useState(false)
  const [text, role] = [filterText('q').toLowerCase(), filterText('role')]
  const found = pages.items.filter(
    user => user.name.toLowerCase().includes(text) && (role === '' || user.role === role),
  )
  return (
    <>
      <ViewHeader title={t('Users')}>
        <Button class="primary" onClick={() => setAdding(true)}>
          {t('Make a user')}
        </Button>
      </ViewHeader>
      <Filters>
        <TextFilter label={t('Name')} />
        <ChoiceFilter name="role" label={t('Role')} options={roleOptions()} />
      </Filters>
      <PagedList pages={pages} shown={found} empty={null} unmatched={[t('No user matches these filters.'), 'users']}>
        {users => <UserTable users={users} />}
      </PagedList>
      {isAdding && <NewUser onClose={() => setAdding(false)} onDone={pages.reload} />}
    </>
  )
}

function UserTable({ users }: { readonly users: readonly User[] }): VNode {
  return (
    <Table
      caption={t('Users')}
      rows={users}
      rowKey={({ id }) => id}
      columns={[
        {
          label: t('Name'),
          cell: ({ id, name }) => (
            <a href={hrefOf(['users', String(id)])}>
              <bdi>{name}</bdi>
            </a>
          ),
        },
        { label: t('Role'), cell: ({ role }) => t(roleNames[role]) },
        {
          label: t('State'),
          cell: ({ disabledAt }) =>
            disabledAt === undefined ? (
              <Badge tone="good">{t('may sign in')}</Badge>
            ) : (
              <Badge tone="quiet">{t('disabled')}</Badge>
            ),
        },
        { label: t('Made'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { label: t('Changed'), cell: ({ updatedAt }) => <Moment at={updatedAt} /> },
      ]}
    />
  )
}

function NewUser({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }): VNode {
  return (
    <Question
      title={t('Make a user')}
      submit={t('Make')}
      onClose={onClose}
      onSubmit={async field => {
        const json = { name: field('name'), role: field('role'), password: field('password') || undefined }
        await request<User>('users', { json })
        toast(t('{name} is made.', { name: json.name }))
        onDone()
      }}
    >
      <Field name="name" label={t('Name')} required maxLength={64} />
      <Choice name="role" label={t('Role')} value="viewer" options={roleOptions()} />
      <Field
        name="password"
        type="password"
        label={t('Password')}
        minLength={12}
        maxLength={1024}
        autocomplete="new-password"
        hint={t('12 characters or more; without one, give out a one-time token.')}
      />
    </Question>
  )
}
