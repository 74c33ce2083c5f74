import { describe, expect, it } from 'vitest'
import { innerNeighbours, neighbours } from './__fixtures__/spellings.ts'
import { decodeBase64Url, encodeBase64Url } from './base64-url.ts'
import { decodeLenientBase64 } from './lenient-base64.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'

const bytes = Buffer.from('80fbefbeffbf00013efc', 'hex')
const tokens = Array.from({ length: 10 }, (_, length) => encodeStoredToken(bytes.subarray(0, length + 1)))

/** What Python makes of a text, and whether it would write the same text for that, told the long way round. */
function expected(text: string): { readonly raw: string; readonly isCanonical: boolean } | undefined {
  if (Buffer.byteLength(text) !== text.length) return undefined
  const inner = decodeLenientBase64(Buffer.from(text, 'latin1'))
  const raw = inner && decodeLenientBase64(inner)
  if (raw === undefined) return undefined
  const padded = Buffer.from(raw.toString('base64').replaceAll('+', '-').replaceAll('/', '_'), 'latin1')
  return { raw: raw.toString('hex'), isCanonical: padded.toString('base64') === text }
}

function read(text: string, isStrict: boolean): { readonly raw: string; readonly isCanonical: boolean } | undefined {
  try {
    const { raw, isCanonical } = decodeStoredToken(text, isStrict)
    return { raw: raw.toString('hex'), isCanonical }
  } catch {
    return undefined
  }
}

describe.each([
  ['outer', neighbours],
  ['inner', innerNeighbours],
])('the %s layer of a stored token', (_, variantsOf) => {
  const variants = [...new Set(tokens.flatMap(token => [...variantsOf(token)]))]

  it('is read as Python reads it, and known for canonical where it is', () => {
    const differing = variants.filter(text => JSON.stringify(read(text, false)) !== JSON.stringify(expected(text)))

    expect(differing).toEqual([])
  })

  it('is read strictly where it is canonical, and only there', () => {
    const accepted = variants.filter(text => read(text, true) !== undefined)

    expect(accepted).toEqual(variants.filter(text => expected(text)?.isCanonical === true))
    expect(accepted.length).toBeGreaterThan(tokens.length)
  })
})

describe('base64url with padding', () => {
  const texts = [0, 1, 2, 3, 4].map(length => encodeBase64Url(bytes.subarray(0, length)))
  const variants = [...new Set(texts.flatMap(text => Array.from(neighbours(text))))]

  it('is read where it is what is written, and only there', () => {
    const isWritten = (text: string) => encodeBase64Url(Buffer.from(text, 'base64url')) === text

    const accepted = variants.filter(text => decodeBase64Url(text) !== undefined)

    expect(accepted).toEqual(variants.filter(isWritten))
    expect(accepted.length).toBeGreaterThan(texts.length)
  })
})
