import { type Language, language, t } from './translate.ts'

const moments = perLanguage(spoken => new Intl.DateTimeFormat(spoken, { dateStyle: 'medium', timeStyle: 'medium' }))
const ages = perLanguage(spoken => new Intl.RelativeTimeFormat(spoken, { numeric: 'auto' }))
const numbers = perLanguage(spoken => new Intl.NumberFormat(spoken, { maximumFractionDigits: 2 }))
const percents = perLanguage(spoken => new Intl.NumberFormat(spoken, { style: 'percent', maximumFractionDigits: 1 }))

/** A moment for people, in their own zone. */
export function formatMoment(at: string): string {
  return moments().format(new Date(at))
}

/** How long ago, or how soon, a moment is. */
export function formatAge(at: string): string {
  const seconds = (new Date(at).getTime() - Date.now()) / 1000
  if (Math.abs(seconds) > 50 * 365 * 86_400) return t('never')
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? shortest
  return ages().format(Math.trunc(seconds / length), unit)
}

/** A number with its groups of digits. */
export function formatNumber(value: number): string {
  return numbers().format(value)
}

/** A part of one, in percent. */
export function formatPercent(value: number): string {
  return percents().format(value)
}

/** A duration in milliseconds. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${formatNumber(ms / 1000)} s`
  return `${formatNumber(ms >= 10 ? Math.round(ms) : ms)} ms`
}

/** Seconds as the two largest units that they have. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const
  const shown = parts.filter(([count]) => count > 0).slice(0, 2)
  return shown.length === 0 ? '0 s' : shown.map(([count, unit]) => `${count} ${unit}`).join(' ')
}

const shortest = ['second', 1] as const
const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]

/** Formatters are costly to make, so that each is made once for a language. */
function perLanguage<F>(make: (spoken: Language) => F): () => F {
  const made: Partial<Record<Language, F>> = {}
  return () => (made[language.value] ??= make(language.value))
}
