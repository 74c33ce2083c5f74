import type { VNode } from 'preact'
import type { RequestProblem } from '../api/request.ts'
import { m, type Message, t } from '../words/translate.ts'

/** Why something was refused, and what to do. */
export function ProblemNote({ problem }: { readonly problem: RequestProblem | undefined }): VNode {
  return (
    <div class="problem" role="alert">
      {problem === undefined ? '' : problemText(problem)}
    </div>
  )
}

/** The same in words. */
export function problemText({ status, code, message, retryAfter }: RequestProblem): string {
  const known = ofCode[code]
  if (known !== undefined) return t(known)
  if (status === 429) return t('Too many requests. Try again in {seconds} s.', { seconds: retryAfter ?? 60 })
  if (status >= 500) return `${t('The server failed at this. Try again; its log says more.')} ${message}`
  return message
}

const ofCode: Readonly<Record<string, Message | undefined>> = {
  OFFLINE: m('The server does not answer. What you typed is kept: try again when it is back.'),
  WRONG_PASSWORD: m('The name or the password is wrong.'),
  PERMISSION_NEEDED: m('You may not do this. Ask an administrator for the permission.'),
  SIGN_IN_NEEDED: m('Sign in first.'),
  PASSWORD_NEEDED: m('This takes your password once more.'),
  STALE_VERSION: m('Somebody else has changed this in the meantime.'),
}
