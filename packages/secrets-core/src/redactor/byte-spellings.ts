import type { Extent } from './encodings.ts'
import type { Spelling } from './spelling.ts'

const ALIGNMENTS = [0, 1, 2]

/** Bytes of a Buffer that `util.inspect` shows. */
const INSPECTED_BYTES = 50

/** The bytes of a text one by one, and in base64. */
export function byteSpellings(text: string, extent: Extent): readonly Spelling[] {
  return encodedBytes(text).flatMap(bytes =>
    [hexSpellings, decimalSpellings, base64Spellings].flatMap(spellings => spellings(bytes, extent)),
  )
}

/** UTF-8, and what `btoa` takes. */
function encodedBytes(text: string): readonly Buffer[] {
  const utf8 = Buffer.from(text)
  const isLatin1 = !/[^\0-\xff]/.test(text)
  return isLatin1 && utf8.length > text.length ? [utf8, Buffer.from(text, 'latin1')] : [utf8]
}

function hexSpellings(bytes: Buffer, extent: Extent): readonly Spelling[] {
  const hex = bytes.toString('hex')
  const listed = [hex.slice(0, INSPECTED_BYTES * 2), ...(extent === 'all' ? [hex] : [])]
  return [
    { text: hex, form: 'hex' },
    { text: hex.toUpperCase(), form: 'hex' },
    ...listed.map((each): Spelling => ({ text: spaced(each), form: 'spaced-hex' })),
  ]
}

/** As `util.inspect` shows a Buffer. */
function spaced(hex: string): string {
  return hex.replaceAll(/..(?!$)/g, '$& ')
}

/** As `JSON.stringify` shows a Buffer, and `util.inspect` other arrays. */
function decimalSpellings(bytes: Buffer, extent: Extent): readonly Spelling[] {
  const list = JSON.stringify(Array.from(bytes)).slice(1, -1)
  const lists = extent === 'all' ? [list, list.replaceAll(',', ', ')] : [list]
  return lists.map(text => ({ text, form: 'decimal' }))
}

/** The characters that hold nothing but bits of these bytes, wherever in a longer text the bytes stand. */
function base64Spellings(bytes: Buffer, extent: Extent): readonly Spelling[] {
  const characters = bytes.toString('latin1')
  return ALIGNMENTS.flatMap(alignment => {
    const length = alignment + bytes.length
    const form = { bytes: characters, alignment, sharesLast: length % 3 > 0 }
    const base64 = Buffer.concat([Buffer.alloc(alignment), bytes]).toString('base64')
    const core = base64.slice(alignment > 0 ? alignment + 1 : 0, Math.floor((length * 4) / 3))
    return alphabets(core, extent).map(text => ({ text, form }))
  })
}

/** Both alphabets, and the first as a query and as PHP's JSON spell it. */
function alphabets(core: string, extent: Extent): readonly string[] {
  const url = core.replaceAll('+', '-').replaceAll('/', '_')
  if (extent === 'usual') return [core, url]
  const percent = core.replaceAll('+', '%2B').replaceAll('/', '%2F')
  return [
    core,
    url,
    percent,
    percent.replaceAll(/%../g, code => code.toLowerCase()),
    core.replaceAll('/', String.raw`\/`),
  ]
}
