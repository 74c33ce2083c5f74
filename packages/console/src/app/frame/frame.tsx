import { Button } from '../parts/button.tsx'
import { signal, useSignals } from '../state/signal.ts'
import type { VNode } from 'preact'
import { Empty } from '../parts/states.tsx'
import { hrefOf, route } from '../state/route.ts'
import { may } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { t } from '../words/translate.ts'
import { openOverlay } from './keyboard.tsx'
import { Menu } from './menu.tsx'
import { type Place, places } from './places.tsx'

const wide = matchMedia('(min-width: 60rem)')
const isWide = signal(wide.matches)
wide.addEventListener('change', event => (isWide.value = event.matches))

/** The view that the address names, and the way to the others. */
export function Frame(): VNode {
  useSignals(isWide)
  const [first = '', ...rest] = route.value.segments
  const place = places.find(({ path }) => path === first)
  const title = place === undefined ? t('Nothing here') : t(place.label)
  document.title = `${title} · ${settings.title}`
  return (
    <>
      <a class="skip" href="#main">
        {t('To the content')}
      </a>
      <header class="top">
        {!isWide.value && (
          <Button class="plain icon" popovertarget="menu" aria-label={t('Menu')}>
            ☰
          </Button>
        )}
        <a class="brand" href={hrefOf([])}>
          {settings.title}
        </a>
        <Button class="plain jump" onClick={() => openOverlay('jump')} aria-keyshortcuts="Control+K">
          <span aria-hidden="true">⌕</span> <span>{t('Jump to…')}</span> <kbd>Ctrl K</kbd>
        </Button>
        <Menu />
      </header>
      {isWide.value ? (
        <Navigation current={first} />
      ) : (
        <div id="menu" popover="auto">
          <Navigation current={first} />
        </div>
      )}
      <main id="main" tabIndex={-1} key={first}>
        {place === undefined ? <NothingHere /> : <PlaceView place={place} rest={rest} />}
      </main>
    </>
  )
}

function Navigation({ current }: { readonly current: string }): VNode {
  return (
    <nav aria-label={t('Views')}>
      <ul>
        {places
          .filter(({ permission }) => may(permission))
          .map(({ path, label }) => (
            <li key={path}>
              <a
                href={hrefOf(path === '' ? [] : [path])}
                aria-current={path === current ? 'page' : undefined}
                onClick={() => document.getElementById('menu')?.hidePopover()}
              >
                {t(label)}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}

function PlaceView({ place, rest }: { readonly place: Place; readonly rest: readonly string[] }): VNode {
  const { permission, label, view: View } = place
  if (may(permission)) return <View shown={rest[0]} detail={rest[1]} />
  return (
    <>
      <h1>{t(label)}</h1>
      <Empty title={t('You may not see this.')}>
        <p>{t('It takes the permission {permission}: ask an administrator.', { permission: permission ?? '' })}</p>
      </Empty>
    </>
  )
}

function NothingHere(): VNode {
  return (
    <>
      <h1>{t('Nothing here')}</h1>
      <Empty title={t('There is no view at this address.')}>
        <a href={hrefOf([])}>{t('Overview')}</a>
      </Empty>
    </>
  )
}
