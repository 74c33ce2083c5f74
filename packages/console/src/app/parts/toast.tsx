import { signal, useSignals } from '../state/signal.ts'
import type { VNode } from 'preact'

const toasts = signal<readonly { readonly id: number; readonly text: string }[]>([])
let lastId = 0

/** Says for a few seconds that something was done. */
export function toast(text: string): void {
  lastId += 1
  const id = lastId
  toasts.value = [...toasts.value.slice(-2), { id, text }]
  setTimeout(() => (toasts.value = toasts.value.filter(shown => shown.id !== id)), 6000)
}

/** Where that is said, also to who cannot see it. */
export function Toasts(): VNode {
  useSignals(toasts)
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
