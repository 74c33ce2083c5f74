import { type Signal, signal } from '../state/signal.ts'
import type { VNode } from 'preact'
import { Dialog } from '../parts/dialog.tsx'
import { t } from '../words/translate.ts'

/** What lies over the page: the jump list or the list of keys. */
export const overlay: Signal<'jump' | 'keys' | undefined> = signal<'jump' | 'keys' | undefined>(undefined)

/** Opens one of them, unless a question is open already. */
export function openOverlay(wanted: 'jump' | 'keys'): void {
  if (document.querySelector('dialog[open]') === null) overlay.value = wanted
}

document.addEventListener('keydown', event => {
  const { key, ctrlKey, metaKey, altKey } = event
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') {
    event.preventDefault()
    openOverlay('jump')
    return
  }
  if (ctrlKey || metaKey || altKey || isTyping(event) || document.querySelector('dialog[open]') !== null) return
  const act = actions[key]
  if (act === undefined) return
  event.preventDefault()
  act()
})

const actions: Readonly<Record<string, (() => void) | undefined>> = {
  '/': () => {
    const search = document.querySelector<HTMLElement>('main input[type=search]')
    if (search === null) openOverlay('jump')
    else search.focus()
  },
  '?': () => openOverlay('keys'),
  j: () => moveInList(1),
  k: () => moveInList(-1),
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

/** Goes to the next or the previous row of the list, from none to the first in sight. */
function moveInList(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main tbody th a, main tbody th button')]
  const current = rows.findIndex(row => row === document.activeElement)
  const next = current < 0 ? rows.findIndex(row => row.getBoundingClientRect().top > 0) : current + by
  rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus()
}

/** Which key does what. */
export function KeysHelp(): VNode {
  return (
    <Dialog title={t('Keys')} onClose={() => (overlay.value = undefined)}>
      <dl class="keylist">
        {keys().map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

function keys(): readonly (readonly [string, string])[] {
  return [
    ['/', t('Search in this view')],
    ['Ctrl K / ⌘ K', t('Jump anywhere')],
    ['j / k', t('Next and previous row')],
    ['Esc', t('Close')],
    ['?', t('Keys')],
  ]
}
