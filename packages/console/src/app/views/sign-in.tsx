import { Button } from '../parts/button.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { request } from '../api/request.ts'
import { PageButtons } from '../frame/menu.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { toast } from '../parts/toast.tsx'
import { isFirstRun, signIn } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { t } from '../words/translate.ts'

/** What a stranger sees: signing in, the first run, a forgotten password. */
export function SignInPage(): VNode {
  const [isForgotten, setForgotten] = useState(false)
  document.title = `${t('Sign in')} · ${settings.title}`
  return (
    <main class="alone">
      <div class="menu">
        <PageButtons />
      </div>
      <div class="card">
        <p class="brand">{settings.title}</p>
        {isFirstRun.value ? (
          <FirstRun />
        ) : isForgotten ? (
          <NewPassword onDone={() => setForgotten(false)} />
        ) : (
          <SignIn onForgotten={() => setForgotten(true)} />
        )}
      </div>
    </main>
  )
}

function SignIn({ onForgotten }: { readonly onForgotten: () => void }): VNode {
  return (
    <>
      <h1>{t('Sign in')}</h1>
      <Form submit={t('Sign in')} onSubmit={field => signIn(field('name'), field('password'))}>
        <NameField isFirst />
        <Field
          name="password"
          type="password"
          label={t('Password')}
          autocomplete="current-password"
          required
          maxLength={1024}
        />
      </Form>
      <Button class="link" onClick={onForgotten}>
        {t('Forgotten password')}
      </Button>
    </>
  )
}

function FirstRun(): VNode {
  return (
    <>
      <h1>{t('First run')}</h1>
      <p>{t('Make the administrator. The token is in the terminal in which the server was started.')}</p>
      <Form
        submit={t('Make the administrator')}
        onSubmit={async field => {
          const [name, password] = [field('name'), field('password')]
          await request('first-run', { json: { token: field('token'), name, password }, isSignIn: true })
          isFirstRun.value = false
          await signIn(name, password)
        }}
      >
        <TokenField />
        <NameField />
        <NewPasswordField />
      </Form>
    </>
  )
}

function NewPassword({ onDone }: { readonly onDone: () => void }): VNode {
  return (
    <>
      <h1>{t('Forgotten password')}</h1>
      <p>
        {t('An administrator gives out one-time tokens. The first one gets a token from the machine of the server:')}{' '}
        <code>npm start -- --reset-admin</code>
      </p>
      <Form
        submit={t('Set the password')}
        onCancel={onDone}
        onSubmit={async field => {
          const json = { token: field('token'), password: field('password') }
          await request('password-reset', { json, isSignIn: true })
          toast(t('The password is set. Sign in with it.'))
          onDone()
        }}
      >
        <TokenField />
        <NewPasswordField />
      </Form>
    </>
  )
}

function NameField({ isFirst = false }: { readonly isFirst?: boolean }): VNode {
  return <Field name="name" label={t('Name')} autocomplete="username" required maxLength={64} autofocus={isFirst} />
}

function TokenField(): VNode {
  return <Field name="token" label={t('One-time token')} required maxLength={200} autofocus />
}

/** A password that is to be chosen. */
export function NewPasswordField(): VNode {
  return (
    <Field
      name="password"
      type="password"
      label={t('New password')}
      autocomplete="new-password"
      required
      minLength={12}
      maxLength={1024}
      hint={t('12 characters or more')}
    />
  )
}
