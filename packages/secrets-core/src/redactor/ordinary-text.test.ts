import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RandomText } from './__fixtures__/random-text.ts'
import { randomValues } from './__fixtures__/random-values.ts'
import { createRedactor } from './redactor.ts'

const source = join(import.meta.dirname, '..')

/** The code of this package. */
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => readFileSync(join(source, path), 'utf8'))
  .join('\n')

const words = ['information', 'database', 'password123', 'testing', 'username', 'rooted', 'admins', 'latest1234567']

/** What logs are made of, and nothing that is a secret. */
function ordinaryText(random: RandomText): string {
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => random.below(256)))
  const id = () => bytes(16).toString('hex')
  return [
    code,
    words.join(' '),
    Buffer.from(words.join(' ')).toString('base64'),
    Buffer.from(words.join(' ')).toString('hex'),
    words.map(word => encodeURIComponent(`?${word}=${word}`)).join('&'),
    JSON.stringify(JSON.stringify({ words, code: code.slice(0, 5000) })),
    encodeURIComponent(code.slice(0, 20_000)),
    Buffer.from(code.slice(0, 20_000)).toString('base64'),
    bytes(300_000).toString('base64'),
    bytes(300_000).toString('hex'),
    bytes(100_000).toString('latin1'),
    Array.from({ length: 500 }, () => `GET /models/${id()}?page=${random.below(99)} 200 ${random.below(5000)}ms`).join(
      '\n',
    ),
    new Error('ordinary').stack,
  ].join('\n')
}

describe('ordinary text', () => {
  it('is left as it is, whatever values are known', () => {
    const random = new RandomText(21)
    const redactor = createRedactor()
    for (let count = 0; count < 50; count += 1) {
      for (const [label, value] of Object.entries(randomValues(random))) redactor.protect(value, label)
    }
    const text = ordinaryText(random)

    // Lines, because a difference of megabytes cannot be read.
    const changed = text.split('\n').filter(line => redactor.text(line) !== line)

    expect(changed).toEqual([])
    expect(redactor.text(text) === text).toBe(true)
  })

  it('is left as it is where short values are parts of its words', () => {
    const redactor = createRedactor()
    const parts = [
      'info',
      'data',
      'base',
      'pass',
      'word',
      'word123',
      'testin',
      'user',
      'name',
      'root',
      'admin',
      '1234',
      'latest',
      '4567',
    ]
    for (const part of parts) redactor.protect(part, 'PART')
    const random = new RandomText(22)
    const blobs = [
      words.join(' '),
      Buffer.from(words.join(' ')).toString('base64'),
      Buffer.from(words.join(' ')).toString('hex'),
      JSON.stringify(JSON.stringify(words)),
      words.map(word => encodeURIComponent(`?${word}=${word}`)).join('&'),
      random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 1_000_000),
      random.text('0123456789abcdef', 1_000_000),
      random.text('0123456789', 1_000_000),
    ]

    const changed = blobs.filter(text => redactor.text(text) !== text)

    expect(changed).toEqual([])
  })

  it('is left as it is next to every encoding of short values', () => {
    const random = new RandomText(23)
    const redactor = createRedactor()
    for (let count = 0; count < 200; count += 1) {
      redactor.protect(random.text('abcdefghijklmnopqrstuvwxyz', 4) + random.text('0123456789', random.below(4)), 'PIN')
    }
    // Words that happen to be one of them stand alone, and are replaced.
    const text = ordinaryText(random).replaceAll(/(?<![\w\\%])[a-z]{4}\d{0,3}(?!\w)/g, 'word')

    const changed = text.split('\n').filter(line => redactor.text(line) !== line)

    expect(changed).toEqual([])
  })
})
