import { Card, ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { request } from '../api/request.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Figure } from '../parts/figure.tsx'
import { toast } from '../parts/toast.tsx'
import { me } from '../state/session.ts'
import { t } from '../words/translate.ts'
import { SessionTable } from './sessions.tsx'
import { NewPasswordField } from './sign-in.tsx'
import { TokenList } from './tokens.tsx'
import { roleNames } from './roles.ts'

/** `account`: who is signed in, the password, sessions and tokens. */
export function AccountView(): VNode {
  const user = me.value
  return (
    <>
      <ViewHeader title={t('My account')} />
      {typeof user === 'object' && (
        <Card title={<bdi>{user.name}</bdi>}>
          <dl class="facts">
            <Figure label={t('Role')}>{t(roleNames[user.role])}</Figure>
            <Figure label={t('Permissions')}>
              <span class="code">{user.permissions.join(', ')}</span>
            </Figure>
          </dl>
        </Card>
      )}
      <Password />
      <SessionTable owner="me" />
      <TokenList owner="me" />
    </>
  )
}

function Password(): VNode {
  const [count, setCount] = useState(0)
  return (
    <Card title={t('Password')}>
      <Form
        key={count}
        submit={t('Set the password')}
        onSubmit={async field => {
          const json = { current: field('current'), next: field('password') }
          await request('session/password', { method: 'PUT', json })
          toast(t('The password is set. All other sessions have ended.'))
          setCount(count + 1)
        }}
      >
        <Field
          name="current"
          type="password"
          label={t('Present password')}
          autocomplete="current-password"
          required
          maxLength={1024}
        />
        <NewPasswordField />
      </Form>
    </Card>
  )
}
