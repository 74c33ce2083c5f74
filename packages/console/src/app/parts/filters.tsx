import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { route, setFilter } from '../state/route.ts'
import { t } from '../words/translate.ts'
import { Choice } from './field.tsx'

/** A filter of the list below, as the address has it. */
export function filterText(name: string): string {
  return route.value.query.get(name) ?? ''
}

/** What a list is filtered by. */
export function Filters({ children }: { readonly children: ComponentChildren }): VNode {
  return (
    <form class="filters" role="search" onSubmit={event => event.preventDefault()}>
      {children}
    </form>
  )
}

/** Filters by a text; `/` leads here. */
export function TextFilter({ name = 'q', label }: { readonly name?: string; readonly label?: string }): VNode {
  const input = useRef<HTMLInputElement>(null)
  const text = filterText(name)
  useEffect(() => {
    // Going back changes it; what is being typed is not in the address yet.
    if (input.current !== null && document.activeElement !== input.current) input.current.value = text
  }, [text])
  return (
    <label class="field">
      <span>{label ?? t('Search')}</span>
      <input
        ref={input}
        type="search"
        name={name}
        defaultValue={text}
        autocomplete="off"
        onInput={event => laterSet(name, event.currentTarget.value)}
      />
    </label>
  )
}

/** Filters by one of several. */
export function ChoiceFilter({
  name,
  label,
  options,
  everything = t('All'),
}: {
  readonly name: string
  readonly label: string
  /** What no filter is called. */
  readonly everything?: string
  readonly options: readonly (readonly [string, string])[]
}): VNode {
  return (
    <Choice
      name={name}
      label={label}
      value={filterText(name)}
      options={[['', everything], ...options]}
      onChange={value => setFilter(name, value)}
    />
  )
}

let timer: ReturnType<typeof setTimeout> | undefined

/** A moment after the last key. */
function laterSet(name: string, text: string): void {
  clearTimeout(timer)
  timer = setTimeout(() => setFilter(name, text), 150)
}
