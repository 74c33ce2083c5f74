import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { CacheView, ConsolePart, ProviderView, SecretView } from '../../api-shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Dialog } from '../parts/dialog.tsx'
import { hrefOf, navigate } from '../state/route.ts'
import { may } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { useId } from '../state/use-id.ts'
import { t } from '../words/translate.ts'
import { overlay } from './keyboard.tsx'
import { places } from './places.tsx'

interface Target {
  readonly kind: string
  readonly text: string
  readonly href: string
}

const mostShown = 12

/** Finds views, keys, providers and caches by a part of their name. */
export function Jump(): VNode {
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const found = useTargets(typed)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    if (step === 0) go(found[chosen])
    else setChosen(Math.max(0, Math.min(found.length - 1, chosen + step)))
  }
  return (
    <Dialog title={t('Jump to…')} onClose={close}>
      <input
        role="combobox"
        aria-label={t('View, key, provider or cache')}
        aria-controls={id}
        aria-expanded={found.length > 0}
        aria-autocomplete="list"
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${chosen}`}
        autocomplete="off"
        autofocus
        onInput={event => {
          setTyped(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id}>{found.length > 0 && <Targets id={id} found={found} chosen={chosen} />}</div>
      {found.length === 0 && <p class="quiet">{t('Nothing has this in its name.')}</p>}
    </Dialog>
  )
}

interface TargetsProps {
  readonly id: string
  readonly found: readonly Target[]
  readonly chosen: number
}

function Targets({ id, found, chosen }: TargetsProps): VNode {
  return (
    <div role="listbox" class="targets" aria-label={t('Found')}>
      {found.map((target, index) => (
        <div
          key={target.href}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onClick={() => go(target)}
        >
          <bdi>{target.text}</bdi> <span class="quiet">{target.kind}</span>
        </div>
      ))}
    </div>
  )
}

function close(): void {
  overlay.value = undefined
}

function go(target: Target | undefined): void {
  if (target === undefined) return
  close()
  navigate(target.href)
}

function useTargets(typed: string): readonly Target[] {
  const secrets = useResource<{ readonly secrets: readonly SecretView[] }>(pathFor('secrets', 'secrets?fresh=false'))
  const providers = useResource<{ readonly providers: readonly ProviderView[] }>(pathFor('providers', 'providers'))
  const caches = useResource<{ readonly caches: readonly CacheView[] }>(pathFor('caches', 'caches'))
  const wanted = typed.trim().toLowerCase()
  const all: readonly Target[] = [
    ...places
      .filter(({ permission }) => may(permission))
      .map(({ path, label }) => ({ kind: t('View'), text: t(label), href: hrefOf(path ? [path] : []) })),
    ...(secrets.data?.secrets ?? []).map(({ key }) => targetOf(t('Secret'), key, ['secrets', key])),
    ...(providers.data?.providers ?? []).map(({ name }) => targetOf(t('Provider'), name, ['providers'])),
    ...(caches.data?.caches ?? []).map(({ name }) => targetOf(t('Cache'), name, ['caches', name])),
  ]
  return all.filter(({ text }) => text.toLowerCase().includes(wanted)).slice(0, mostShown)
}

function pathFor<P extends string>(part: ConsolePart, path: P): P | undefined {
  return settings.parts.includes(part) ? path : undefined
}

function targetOf(kind: string, text: string, segments: readonly string[]): Target {
  return { kind, text, href: hrefOf(segments) }
}
