import type { VNode } from 'preact'
import { useSignals } from '../state/signal.ts'
import { Jump } from './jump.tsx'
import { KeysHelp, overlay } from './keyboard.tsx'

/** What the keys open over the page. */
export function Overlay(): VNode | null {
  useSignals(overlay)
  if (overlay.value === undefined) return null
  return overlay.value === 'jump' ? <Jump /> : <KeysHelp />
}
