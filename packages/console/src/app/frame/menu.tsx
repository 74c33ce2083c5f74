import { Button } from '../parts/button.tsx'
import type { VNode } from 'preact'
import { useAction } from '../api/use-action.ts'
import { problemText } from '../parts/problem.tsx'
import { toast } from '../parts/toast.tsx'
import { me, signOut } from '../state/session.ts'
import { setTheme, type Theme, theme } from '../state/theme.ts'
import { language, m, speak, t } from '../words/translate.ts'
import { openOverlay } from './keyboard.tsx'

/** Language, appearance, the keys, and signing out. */
export function Menu(): VNode {
  const signingOut = useAction()
  const user = me.value
  const { problem } = signingOut
  if (problem !== undefined) {
    toast(problemText(problem))
    signingOut.clear()
  }
  return (
    <div class="menu">
      <PageButtons />
      <Button class="plain icon keys" aria-label={t('Keys')} onClick={() => openOverlay('keys')}>
        ?
      </Button>
      {typeof user === 'object' && (
        <Button class="plain" onClick={() => void signingOut.run(signOut)}>
          {t('Sign out')} <b class="who">{user.name}</b>
        </Button>
      )}
    </div>
  )
}

/** Lets the page speak the other language, and look as the system does, light or dark. */
export function PageButtons(): VNode {
  const [next, label, sign] = themes[theme.value]
  const isEnglish = language.value === 'en'
  const other = isEnglish ? 'zh' : 'en'
  return (
    <>
      <Button class="plain" lang={other} onClick={() => void speak(other)}>
        {isEnglish ? '中文' : 'English'}
      </Button>
      <Button
        class="plain icon"
        aria-label={t('Appearance: {theme}', { theme: t(label) })}
        title={t(label)}
        onClick={() => setTheme(next)}
      >
        {sign}
      </Button>
    </>
  )
}

const themes = {
  auto: ['light', m('as the system'), '◐'],
  light: ['dark', m('light'), '☼'],
  dark: ['auto', m('dark'), '☾'],
} as const satisfies Readonly<Record<Theme, readonly [Theme, string, string]>>
