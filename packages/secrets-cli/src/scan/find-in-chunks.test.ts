import { describe, expect, it } from 'vitest'
import { findInChunks, type FoundSecret } from './find-in-chunks.ts'
import { SecretLocator } from './secret-locator.ts'

const token = 'r8_canary_9f2c'
const locator = new SecretLocator([
  { value: token, keys: ['TOKEN', 'SAME'] },
  { value: '4711', keys: ['PIN'] },
])

async function foundIn(bytes: Uint8Array, chunkLength: number): Promise<readonly FoundSecret[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += chunkLength) yield bytes.subarray(start, start + chunkLength)
  }
  const found: FoundSecret[] = []
  for await (const secret of findInChunks(chunks(), locator)) found.push(secret)
  return found
}

describe('findInChunks', () => {
  it.each([1, 3, 7, 1000])('tells line, column and keys, in chunks of %i bytes', async chunkLength => {
    const text = Buffer.from(`first\nsecond ü ${token}\n\n  "${token}"`)

    const found = await foundIn(text, chunkLength)

    expect(found).toEqual([
      { line: 2, column: 10, keys: ['TOKEN', 'SAME'] },
      { line: 4, column: 4, keys: ['TOKEN', 'SAME'] },
    ])
  })

  it('finds a value in bytes that are no text', async () => {
    const bytes = Buffer.concat([Buffer.from([0, 255, 254, 10, 200]), Buffer.from(token), Buffer.from([0, 1, 2])])

    expect(await foundIn(bytes, 4)).toEqual([{ line: 2, column: 2, keys: ['TOKEN', 'SAME'] }])
  })

  it('finds a value in UTF-16 with a mark', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`a\n${token}`, 'utf16le')])

    expect(await foundIn(bytes, 5)).toEqual([{ line: 2, column: 1, keys: ['TOKEN', 'SAME'] }])
  })

  it('tells each value once, wherever the windows of a huge file end', async () => {
    const filler = `${'lorem ipsum dolor '.repeat(7)}\n`
    const lines = Array.from({ length: 20_000 }, (_, line) => {
      return line % 97 === 0 ? `${filler.slice(0, line % 60)}${token} ${filler}` : filler
    })
    const bytes = Buffer.from(lines.join(''))
    const planted = lines.flatMap((line, index) =>
      line.includes(token) ? { line: index + 1, column: line.indexOf(token) + 1, keys: ['TOKEN', 'SAME'] } : [],
    )

    const found = await foundIn(bytes, 65_537)

    expect(bytes.length).toBeGreaterThan(2_200_000)
    expect(found).toEqual(planted)
  })

  /** Where the text that is looked at first ends, in chunks of this length, and before which place its secrets are told. */
  const [chunkLength, firstEnd, firstTold] = [1 << 18, 5 << 18, (5 << 18) - locator.reach]

  it.each([0, 1, 2, 3, 4, 5])(
    'does not take the end of a word for a short value where a window begins (%i)',
    async shift => {
      const text = `${'y'.repeat(firstTold - 500 + shift)}${'x4711 '.repeat(300)}`

      expect(await foundIn(Buffer.from(text), chunkLength)).toEqual([])
    },
  )

  it('does not take the beginning of a word for a short value where a window ends', async () => {
    const text = `${'y'.repeat(firstEnd - 5)} 4711x`

    expect(await foundIn(Buffer.from(text), chunkLength)).toEqual([])
  })

  it('tells a value once that the next window holds as well', async () => {
    const text = `${'y'.repeat(firstTold - 40)} ${token} ${'z'.repeat(1000)}`

    expect(await foundIn(Buffer.from(text), chunkLength)).toEqual([
      { line: 1, column: firstTold - 38, keys: ['TOKEN', 'SAME'] },
    ])
  })
})
