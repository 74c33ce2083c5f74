import type { ComponentChildren, VNode } from 'preact'

/** What a badge says about its thing. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet'

const marks: Readonly<Record<Tone, string>> = { good: '✓', warn: '!', bad: '✕', quiet: '' }

/** A state in a word. Its sign says the same as its colour. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }): VNode {
  return (
    <span class={`badge ${tone}`}>
      {marks[tone] !== '' && <span aria-hidden="true">{marks[tone]}</span>}
      {children}
    </span>
  )
}
