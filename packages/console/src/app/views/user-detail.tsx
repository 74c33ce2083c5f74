import { Button } from '../parts/button.tsx'
import { Card, Trail, ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../api/use-action.ts'
import { pathOf, request } from '../api/request.ts'
import type { Permission, User, UserPath, UserPermissions } from '../api/shapes.ts'
import { useDraft } from '../api/use-draft.ts'
import { type Resource, useResource } from '../api/use-resource.ts'
import { Badge } from '../parts/badge.tsx'
import { Question } from '../parts/question.tsx'
import { ConflictDialog, useConflict } from '../parts/conflict.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { type Fields, Form } from '../parts/form.tsx'
import { OnceShown } from '../parts/once-shown.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { Shown } from '../parts/states.tsx'
import { toast } from '../parts/toast.tsx'
import { hrefOf, navigate } from '../state/route.ts'
import { t } from '../words/translate.ts'
import { SessionTable } from './sessions.tsx'
import { TokenList } from './tokens.tsx'
import { roleNames, roleOptions } from './roles.ts'

const permissions: readonly Permission[] = [
  'api.access',
  'provider.configure',
  'secrets.write',
  'secrets.reveal',
  'cache.clear',
  'admin.audit',
  'admin.backup',
  'admin.keys',
  'admin.users',
]

/** One user: role, permissions, sessions, tokens. */
export function UserDetail({ id }: { readonly id: string }): VNode {
  const path = pathOf('users', id)
  const user = useResource<User>(path)
  return (
    <>
      <Trail to={[t('Users'), hrefOf(['users'])]} />
      <Shown of={user}>
        {told => (
          <>
            <UserHeader path={path} user={told} etag={user.etag} onChange={user.reload} />
            <Account path={path} resource={user} />
            <Permissions path={path} key={told.version} />
            <SessionTable owner={id} />
            <TokenList owner={id} />
          </>
        )}
      </Shown>
    </>
  )
}

interface DeleteUserProps {
  readonly path: UserPath
  readonly user: User
  readonly etag: string | undefined
  readonly onClose: () => void
}

function DeleteUser({ path, user: { name }, etag, onClose }: DeleteUserProps): VNode {
  return (
    <Question
      isDangerous
      title={t('Delete {name}?', { name })}
      submit={t('Delete')}
      onClose={onClose}
      onSubmit={async () => {
        await request(path, { method: 'DELETE', ifMatch: etag })
        toast(t('{name} is deleted.', { name }))
        navigate(hrefOf(['users']))
      }}
    >
      <p>{t('Credentials, tokens and sessions of this user go too. The audit log stays.')}</p>
    </Question>
  )
}

interface HeaderProps {
  readonly path: UserPath
  readonly user: User
  readonly etag: string | undefined
  readonly onChange: () => void
}

function UserHeader({ path, user, etag, onChange }: HeaderProps): VNode {
  const { isBusy, problem, run } = useAction()
  const [isDeleting, setDeleting] = useState(false)
  const [token, setToken] = useState<{ readonly token: string; readonly expiresAt: string }>()
  const isDisabled = user.disabledAt !== undefined
  const switchOver = (): void =>
    void run(async () => {
      await request(path, { method: 'PATCH', json: { isDisabled: !isDisabled }, ifMatch: etag })
      onChange()
    })
  const reset = (): void =>
    void run(async () => {
      const { data } = await request<{ readonly token: string; readonly expiresAt: string }>(`${path}/password-reset`, {
        method: 'POST',
      })
      setToken(data)
    })
  return (
    <>
      <ViewHeader title={<bdi>{user.name}</bdi>}>
        {isDisabled && <Badge tone="quiet">{t('disabled')}</Badge>}
        <Button disabled={isBusy} onClick={reset}>
          {t('One-time token')}
        </Button>
        <Button disabled={isBusy} onClick={switchOver}>
          {isDisabled ? t('Enable') : t('Disable')}
        </Button>
        <Button class="danger" onClick={() => setDeleting(true)}>
          {t('Delete')}
        </Button>
      </ViewHeader>
      <ProblemNote problem={problem} />
      {token !== undefined && (
        <OnceShown title={t('One-time token')} secret={token.token} onClose={() => setToken(undefined)}>
          <p>
            {t('Give it to {name}, who sets a new password with it under “Forgotten password”.', { name: user.name })}
          </p>
        </OnceShown>
      )}
      {isDeleting && <DeleteUser path={path} user={user} etag={etag} onClose={() => setDeleting(false)} />}
    </>
  )
}

function Account({ path, resource }: { readonly path: UserPath; readonly resource: Resource<User> }): VNode {
  const conflict = useConflict<User>(path)
  const { shown, note, end, key } = useDraft(resource)
  const save = async (field: Fields): Promise<void> => {
    const mine = { name: field('name'), role: field('role') }
    const stored = await conflict.save({ method: 'PATCH', json: mine, ifMatch: shown.etag }, mine)
    toast(t('Saved.'))
    end(stored)
  }
  return (
    <Card title={t('Name and role')}>
      <div key={key} onInput={note}>
        <Form submit={t('Save')} onSubmit={save}>
          <Field name="name" label={t('Name')} required maxLength={64} defaultValue={shown.data?.name ?? ''} />
          <Choice name="role" label={t('Role')} value={shown.data?.role} options={roleOptions()} />
        </Form>
      </div>
      <ConflictDialog conflict={conflict} onSaved={end} labels={{ name: t('Name'), role: t('Role') }} />
    </Card>
  )
}

function Permissions({ path }: { readonly path: UserPath }): VNode {
  const told = useResource<UserPermissions>(`${path}/permissions`)
  const { problem, run } = useAction()
  const set = (permission: Permission, value: string): void =>
    void run(async () => {
      const target = `${path}/permissions/${permission}` as const
      if (value === '') await request(target, { method: 'DELETE' })
      else await request(target, { method: 'PUT', json: { isGranted: value === 'yes' } })
      told.reload()
    })
  return (
    <Card title={t('Permissions')}>
      <Shown of={told}>
        {({ role, permissions: held, exceptions }) => (
          <div class="columns">
            {permissions.map(permission => {
              const exception = exceptions.find(known => known.permission === permission)
              const value = exception === undefined ? '' : exception.isGranted ? 'yes' : 'no'
              const isHeld = held.includes(permission) ? t('has it') : t('has it not')
              return (
                <Choice
                  key={permission}
                  name={permission}
                  label={`${permission}: ${isHeld}`}
                  value={value}
                  onChange={chosen => set(permission, chosen)}
                  options={[
                    ['', t('as the role {role}', { role: t(roleNames[role]) })],
                    ['yes', t('granted')],
                    ['no', t('denied')],
                  ]}
                />
              )
            })}
          </div>
        )}
      </Shown>
      <ProblemNote problem={problem} />
    </Card>
  )
}
