import { signal, useSignals } from '../state/signal.ts'
import type { VNode } from 'preact'
import { passwordAsker, request } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { me, signIn } from '../state/session.ts'
import { t } from '../words/translate.ts'

interface Question {
  readonly why: 'ended' | 'fresh'
  readonly answer: Promise<boolean>
  readonly settle: (isGiven: boolean) => void
}

const question = signal<Question | undefined>(undefined)

// Several requests that wait for the same are one question.
passwordAsker.ask = why => {
  if (question.value !== undefined) return question.value.answer
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const settle = (isGiven: boolean): void => {
    question.value = undefined
    resolve(isGiven)
  }
  question.value = { why, answer: promise, settle }
  return promise
}

/** Asks for the password while a request waits for it; the view below stays as it is. */
export function PasswordAsker(): VNode | null {
  useSignals(question)
  const asked = question.value
  const user = me.value
  if (asked === undefined || typeof user !== 'object') return null
  const { why, settle } = asked
  const title = why === 'ended' ? t('Sign in again') : t('Your password, once more')
  return (
    <Dialog title={title} onClose={() => settle(false)}>
      <p>
        {why === 'ended'
          ? t('Your sign-in has ended. Nothing that you typed is lost.')
          : t('This takes a password that was given in the last five minutes.')}
      </p>
      <Form
        submit={why === 'ended' ? t('Sign in') : t('Go on')}
        onCancel={() => settle(false)}
        onSubmit={async field => {
          if (why === 'ended') await signIn(user.name, field('password'))
          else await request('session/password', { json: { password: field('password') }, isSignIn: true })
          settle(true)
        }}
      >
        <input type="hidden" name="username" autocomplete="username" value={user.name} />
        <Field
          name="password"
          type="password"
          label={t('Password of {name}', { name: user.name })}
          autocomplete="current-password"
          required
          maxLength={1024}
        />
      </Form>
    </Dialog>
  )
}
