import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { zh } from './zh.ts'

const folder = new URL('../', import.meta.url)
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.tsx?$/.test(file) && !/\.test\.ts$|words\/zh/.test(file))
  .map(file => readFileSync(new URL(file, folder), 'utf8'))
const words: Readonly<Record<string, string>> = zh

describe('the words of the console', () => {
  test('have their Chinese, and are those that the page says', () => {
    const said = new Set(sources.flatMap(messagesIn))

    expect([...said].filter(text => !(text in words))).toEqual([])
    expect(Object.keys(words).filter(text => !said.has(text))).toEqual([])
  })

  test('are translated, but for what is the same in both', () => {
    const copied = Object.entries(words).filter(([, chinese]) => !/\p{Script=Han}/u.test(chinese))

    expect(Object.fromEntries(copied)).toEqual({ '{count} of {total}': '{count} / {total}', Webhooks: 'Webhook' })
  })

  test('have the same values to fill in', () => {
    const faults = Object.entries(words).filter(([english, chinese]) => holes(english) !== holes(chinese))

    expect(faults).toEqual([])
  })

  test('are passed the values that they name, and no other', () => {
    const faults = sources.flatMap(source =>
      [...source.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'(?=,\s*\{|\))/g)]
        .filter(({ 0: call, 1: text = '', index }) => {
          const isFilled = source.slice(index + call.length).startsWith(',')
          return isFilled !== text.includes('{')
        })
        .map(([, text]) => text),
    )

    expect(faults).toEqual([])
  })
})

/** As the bundler finds them. */
function messagesIn(source: string): readonly string[] {
  const calls = source.matchAll(/(?<![\w.])[mt]\(\s*'((?:[^'\\]|\\.)*)'/g)
  return [...calls].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'))
}

function holes(text: string): string {
  return [...text.matchAll(/\{\w+\}/g)].map(String).toSorted().join(' ')
}
