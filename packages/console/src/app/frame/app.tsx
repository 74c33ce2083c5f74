import type { VNode } from 'preact'
import { isOffline, revivals } from '../api/request.ts'
import { Loading } from '../parts/states.tsx'
import { Toasts } from '../parts/toast.tsx'
import { route } from '../state/route.ts'
import { isFirstRun, me } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { useSignals } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import { SignInPage } from '../views/sign-in.tsx'
import { language, t } from '../words/translate.ts'
import { Overlay } from './overlay.tsx'
import { Frame } from './frame.tsx'
import { PasswordAsker } from './password-asker.tsx'

/** The whole page. */
export function App(): VNode {
  useSignals(isOffline, revivals, me, isFirstRun, language, theme, route)
  return (
    <>
      {isOffline.value && (
        <p class="offline" role="alert">
          {t('The server does not answer. What you typed is kept; this page goes on when it is back.')}
        </p>
      )}
      <Page />
      {settings.needsSignIn && <PasswordAsker />}
      <Overlay />
      <Toasts />
    </>
  )
}

function Page(): VNode {
  if (!settings.needsSignIn || typeof me.value === 'object') return <Frame />
  if (me.value === undefined) return <SignInPage />
  return (
    <main>
      <Loading />
    </main>
  )
}
