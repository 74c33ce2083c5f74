import { type Signal, signal } from './signal.ts'

/** How the page looks; `auto` as the system does. */
export type Theme = 'auto' | 'light' | 'dark'

/** What was chosen. */
export const theme: Signal<Theme> = signal<Theme>('auto')

/** Changes how the page looks, and remembers it. */
export function setTheme(wanted: Theme): void {
  theme.value = wanted
  document.documentElement.dataset['theme'] = wanted
  localStorage.setItem('st-theme', wanted)
}

/** What was chosen before. */
export function preferredTheme(): Theme {
  const chosen = localStorage.getItem('st-theme')
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto'
}
