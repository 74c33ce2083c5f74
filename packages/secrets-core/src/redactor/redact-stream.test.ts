import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { printedForms } from './__fixtures__/printed-forms.ts'
import { RandomText } from './__fixtures__/random-text.ts'
import { randomValues } from './__fixtures__/random-values.ts'
import { createRedactor } from './redactor.ts'
import type { Redactor } from './redactor.ts'

const runs = process.env['ST_LONG_TESTS'] === '1' ? 100_000 : 1500

/** What comes out of the stream for each chunk that goes in, and at the end. */
async function outputsOf(redactor: Redactor, chunks: readonly string[]): Promise<readonly string[]> {
  const { readable, writable } = redactor.stream()
  const [writer, reader] = [writable.getWriter(), readable.getReader()]
  const outputs: string[] = []
  const reading = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      outputs[outputs.length - 1] += next.value
    }
  })()
  for (const chunk of chunks) {
    outputs.push('')
    await writer.write(chunk)
  }
  outputs.push('')
  await writer.close()
  await reading
  return outputs
}

/** What comes out of a stream. */
async function contentsOf<T>(readable: ReadableStream<T>): Promise<readonly T[]> {
  const contents: T[] = []
  for await (const chunk of readable) contents.push(chunk)
  return contents
}

function redactorOf(...values: readonly string[]): Redactor {
  const redactor = createRedactor()
  for (const [index, value] of values.entries()) redactor.protect(value, `KEY_${index}`)
  return redactor
}

/** What may stand between values, with what begins escapes and does not end them. */
const glue = [
  '',
  ' ',
  '"',
  '\\n',
  '\\',
  '%',
  '%2',
  '%2F',
  '=',
  '==',
  '\n',
  'a',
  '/',
  '\\/',
  '+',
  '%20',
  '\\u',
  '\\u0061',
  '_',
].concat(['\u001B[31m', '🔑', '\uD83D', '\uDD11'])

/** Printed forms, whole and cut, in any order. */
function textOf(random: RandomText, values: readonly string[]): string {
  const parts = Array.from({ length: 2 + random.below(8) }, () => {
    const value = random.pick(values)
    const inside = random.pick([value, value, `a${value}`, `:${value}`, `ab${value}c`])
    const printed = random.pick(Object.values(printedForms(inside)))
    const [start, end] = random.pick([
      [0, printed.length],
      [0, printed.length],
      [random.below(printed.length + 1), printed.length],
      [0, random.below(printed.length + 1)],
    ] as const)
    return printed.slice(start, end) + random.pick(glue)
  })
  return parts.join('')
}

describe('stream', () => {
  it.each([
    ['values of every character', 'ab1-"\\%/+ né'],
    ['values that overlap themselves', 'ab'],
    ['values of letters and digits', 'abcdefghijklmnopqrstuvwxyz0123456789'],
  ])('gives what text gives, wherever the text is cut: %s', async (_, alphabet) => {
    for (let seed = 1; seed <= runs / 3; seed += 1) {
      const random = new RandomText(seed)
      const values = Array.from({ length: 1 + random.below(4) }, () => {
        return random.text(alphabet, random.pick([4, 5, 7, 8, 9, 12, 20, 40]))
      })
      const redactor = redactorOf(...values)
      const text = textOf(random, values)
      const chunks = random.chunks(text, random.pick([1, 3, 10, 40]))

      const outputs = await outputsOf(redactor, chunks)

      expect({ seed, output: outputs.join('') }).toEqual({ seed, output: redactor.text(text) })
    }
  })

  it('gives what text gives for each character alone', async () => {
    const values = Object.values(randomValues(new RandomText(2)))
    const redactor = redactorOf(...values, 'hunt7')
    const text = [...values, 'hunt7'].flatMap(value => Object.values(printedForms(value)).slice(0, 12)).join('\n')

    const outputs = await outputsOf(redactor, text.split(''))

    expect(outputs.join('')).toBe(redactor.text(text))
  })

  it('gives lines at once', async () => {
    const redactor = redactorOf(
      'correct horse battery',
      'hunt7',
      '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END KEY-----',
    )
    const lines = [
      'starting\n',
      'token correct horse battery\n',
      'pin hunt7\n',
      `auth ${btoa('user:hunt7')}\n`,
      'hunt\n',
    ]

    const outputs = await outputsOf(redactor, lines)

    expect(outputs).toEqual(['starting\n', 'token [KEY_0]\n', 'pin [KEY_1]\n', 'auth dXNlcj[KEY_1]\n', 'hunt\n', ''])
  })

  it('gives a prompt at once', async () => {
    const outputs = await outputsOf(redactorOf('correct horse'), ['Password: ', '(yes/no)? ', '> '])

    expect(outputs).toEqual(['Password: ', '(yes/no)? ', '> ', ''])
  })

  it('holds back what may become a value, and no more', async () => {
    const outputs = await outputsOf(redactorOf('correct horse'), ['is it corr', 'ect?', ' correct', ' horse', '!'])

    expect(outputs).toEqual(['is it ', 'correct?', ' ', '[KEY_0]', '!', ''])
  })

  it('holds back less than the longest spelling of a value, however long the text', async () => {
    const value = 'aaaaaaaaab'
    const longest = JSON.stringify(Array.from(value, () => String.raw`\u0061`).join('')).length
    const chunks = Array.from({ length: 300 }, () => 'a'.repeat(50))

    const outputs = await outputsOf(redactorOf(value), chunks)

    const held = outputs.map((_, index) => (index + 1) * 50 - outputs.slice(0, index + 1).join('').length)
    expect(Math.max(...held.slice(0, -1))).toBeLessThan(longest)
  })

  it('goes on with a value that overlaps itself without end', async () => {
    const outputs = await outputsOf(
      redactorOf('aaaaaaaa'),
      Array.from({ length: 20 }, () => 'a'.repeat(30)),
    )

    expect(outputs.filter(output => output !== '')).toEqual(['[KEY_0]'])
  })

  it('gives what it held back when the text ends', async () => {
    const outputs = await outputsOf(redactorOf('correct horse'), ['correct hors'])

    expect(outputs).toEqual(['', 'correct hors'])
  })

  it('waits with a short value until it is clear what is right behind it', async () => {
    const redactor = redactorOf('hunté', 'correct-horse-battery-staple-again')

    const one = await outputsOf(redactor, ['huntécorrect-horse-battery-staple-a', 'gain'])
    const other = await outputsOf(redactor, ['huntécorrect-horse-battery-staple-a', 'lso'])

    expect([one.join(''), other.join('')]).toEqual(['[KEY_0][KEY_1]', 'huntécorrect-horse-battery-staple-also'])
  })

  it('never cuts a character of two units', async () => {
    const text = 'key 🔑, lock 🔒, both 🔑🔒, first and last \u{10000}\u{10FFFF}'

    const outputs = await outputsOf(redactorOf('🔑🔑🔑🔑', 'correct horse'), text.split(''))

    expect(outputs.join('')).toBe(text)
    expect(outputs.every(output => output.isWellFormed())).toBe(true)
  })

  it('passes half a character at the end, as it came', async () => {
    const outputs = await outputsOf(redactorOf('correct horse'), ['half \uD83D'])

    expect(outputs).toEqual(['half ', '\uD83D'])
  })

  it('passes everything at once while nothing is known', async () => {
    const outputs = await outputsOf(createRedactor(), ['abc', 'def\\', '', 'ghi'])

    expect(outputs).toEqual(['abc', 'def\\', '', 'ghi', ''])
  })

  it('looks for a value from when it is protected', async () => {
    const redactor = redactorOf('correct horse')
    const { readable, writable } = redactor.stream()
    const writer = writable.getWriter()
    const output = contentsOf(readable)

    await writer.write('battery staple\nbatt')
    redactor.protect('battery staple', 'LATER')
    await writer.write('ery staple battery ')
    await writer.write('staple\n')
    await writer.close()

    expect((await output).join('')).toMatch(/^battery staple\nbatt?e?r?y? ?staple \[LATER\]\n$/)
  })

  it('keeps what streams hold back apart', async () => {
    const redactor = redactorOf('correct horse')

    const [one, other] = await Promise.all([
      outputsOf(redactor, ['correct ', 'x']),
      outputsOf(redactor, ['horse', ' correct horse']),
    ])

    expect([one.join(''), other.join('')]).toEqual(['correct x', 'horse [KEY_0]'])
  })

  it('works in a pipe of bytes', async () => {
    const bytes = Buffer.from('pässword: correct höörse 🔑\n')
    const chunks = Array.from(bytes, byte => Buffer.of(byte))

    const readable = Readable.toWeb(Readable.from(chunks)) as ReadableStream<Uint8Array>
    const piped = readable
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(redactorOf('correct höörse').stream())
      .pipeThrough(new TextEncoderStream())

    expect(Buffer.concat(await contentsOf(piped)).toString()).toBe('pässword: [KEY_0] 🔑\n')
  })

  it('refuses bytes and says what to do', async () => {
    const { readable, writable } = createRedactor().stream()
    const writer = writable.getWriter()
    // What untyped code may pass.
    const write = writer.write.bind(writer) as (chunk: unknown) => Promise<void>

    const [reading, writing] = [contentsOf(readable), write(Buffer.from('abc'))]

    await expect(writing).rejects.toThrow(TypeError)
    await expect(reading).rejects.toThrow(/TextDecoderStream/)
  })
})
