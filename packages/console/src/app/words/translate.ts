import { type Signal, signal } from '../state/signal.ts'
import type { zh } from './zh.ts'

/** A text of the console, as it is in English. In what is built it is the number of the text in the list of a language. */
export type Message = keyof typeof zh

/** A language that the console speaks. */
export type Language = 'en' | 'zh'

/** The one that is spoken. */
export const language: Signal<Language> = signal<Language>('en')

let words: Partial<Readonly<Record<Message, string>>> = {}

/** A text in the language of the page. Every one is in the Chinese list, or it does not compile. */
export function t(message: Message, values?: Readonly<Record<string, string | number>>): string {
  const text = words[message] ?? ''
  return values === undefined ? text : text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** A text that is translated later. */
export function m<const M extends Message>(message: M): M {
  return message
}

/** Changes the language, and remembers it. */
export async function speak(wanted: Language): Promise<void> {
  const response = await fetch(document.documentElement.dataset[wanted] ?? '')
  // The list of words that was built with this script.
  words = (await response.json()) as Readonly<Record<Message, string>>
  language.value = wanted
  document.documentElement.lang = wanted
  localStorage.setItem('st-language', wanted)
}

/** The language that was chosen before, or the browser's. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem('st-language') ?? navigator.language
  return chosen.startsWith('zh') ? 'zh' : 'en'
}
