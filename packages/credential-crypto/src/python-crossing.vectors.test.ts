import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { randomInt } from 'node:crypto'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describeWithPeer, requirePeer } from '@st/test-peers'
import { randomNumbers } from '@st/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCredentialCipher } from './create-credential-cipher.ts'
import { strictCipherOf } from './__fixtures__/known-keys.ts'
import { innerNeighbours, neighbours } from './__fixtures__/spellings.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'

const program = fileURLToPath(new URL('__fixtures__/simpletuner-crossing.py', import.meta.url))
const secrets = ['correct horse battery staple', 'ключ 密钥 🔑', ' outer white space\n', 'e\u0301', '\0']
const VALUES_PER_SECRET = 200
const MAX_LENGTH = 5000

const peer = await requirePeer('pythonCryptography')
const describeCrossing = describeWithPeer(describe, peer)

/** SimpleTuner's side. */
class SimpleTuner {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #answers: AsyncIterator<string>

  constructor(python: { readonly path: string }) {
    this.#child = spawn(python.path, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async encrypt(secret: string, plaintexts: readonly string[]): Promise<readonly string[]> {
    return this.#ask({ secret, plaintexts })
  }

  async decrypt(secret: string, tokens: readonly string[]): Promise<readonly string[]> {
    return this.#ask({ secret, tokens })
  }

  /** What is below the two layers of base64, in hexadecimal; `null` where Python refuses the text. */
  async decode(texts: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#ask({ texts })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'close')
    this.#child.stdin.end()
    await ended
  }

  async #ask<Answer extends string | null>(request: unknown): Promise<readonly Answer[]> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    const line = await this.#answers.next()
    if (line.done === true) throw new Error('Python ended without an answer')
    // Written by the program above.
    return JSON.parse(line.value) as readonly Answer[]
  }
}

describeCrossing('1,000 values cross', python => {
  let simpleTuner: SimpleTuner

  beforeAll(() => {
    simpleTuner = new SimpleTuner(python())
  })

  afterAll(async () => {
    await simpleTuner[Symbol.asyncDispose]()
  })

  it.each(secrets)('to Python, under the secret %j', async secret => {
    const { seed, plaintexts } = values()
    const cipher = await strictCipherOf(secret)

    const read = await simpleTuner.decrypt(
      secret,
      plaintexts.map(plaintext => cipher.encrypt(plaintext)),
    )

    expect(read, `seed ${seed}`).toEqual(plaintexts)
  })

  it.each(secrets)('from Python, under the secret %j', async secret => {
    const { seed, plaintexts } = values()
    const cipher = await strictCipherOf(secret)

    const tokens = await simpleTuner.encrypt(secret, plaintexts)

    expect(
      tokens.map(token => cipher.decrypt(token)),
      `seed ${seed}`,
    ).toEqual(plaintexts)
    expect(tokens.filter(token => cipher.needsReencrypt(token))).toEqual([])
  })

  it('from Python to another key, and back to Python', async () => {
    const [oldSecret = '', newSecret = ''] = secrets
    const { seed, plaintexts } = values()
    const cipher = await createCredentialCipher({ keys: [{ secret: newSecret }, { secret: oldSecret }] })

    const tokens = await simpleTuner.encrypt(oldSecret, plaintexts)
    const read = await simpleTuner.decrypt(
      newSecret,
      tokens.map(token => cipher.rotate(token)),
    )

    expect(read, `seed ${seed}`).toEqual(plaintexts)
  })

  it('of every length and from every part of Unicode', () => {
    const { plaintexts } = values(1)
    const characters = new Set(plaintexts.join(''))

    expect(secrets.length * plaintexts.length).toBe(1000)
    expect(plaintexts).toContain('')
    expect(Math.max(...plaintexts.map(({ length }) => length))).toBeGreaterThan(MAX_LENGTH / 2)
    for (const character of ['\0', '\n', '\uFEFF', '\uFFFD', '\u{10FFFF}']) expect(characters).toContain(character)
  })
})

describeCrossing('a text', python => {
  it('is read as this Python reads it, whatever one character makes of it', async () => {
    await using simpleTuner = new SimpleTuner(python())
    const tokens = ['', '80', '80fb', '80fbef', '80fbefbeffbf00013efc'].map(hexadecimal =>
      encodeStoredToken(Buffer.from(hexadecimal, 'hex')),
    )
    const texts = [neighbours, innerNeighbours].flatMap(of => tokens.flatMap(token => Array.from(of(token))))

    const read = await simpleTuner.decode(texts)

    const differing = texts.filter((text, index) => belowLayers(text) !== read[index])
    expect(texts.length).toBeGreaterThan(1000)
    expect(differing).toEqual([])
  })
})

function belowLayers(text: string): string | null {
  try {
    return decodeStoredToken(text, false).raw.toString('hex')
  } catch {
    return null
  }
}

/** Texts of 0 to 5,000 characters; the seed tells which, should they fail. */
function values(seed = randomInt(2 ** 31)): { readonly seed: number; readonly plaintexts: readonly string[] } {
  const random = randomNumbers(seed)
  const plaintexts = Array.from({ length: VALUES_PER_SECRET }, (_, index) => {
    // Many short ones, where the padding of both base64 layers changes with each byte, and some long ones.
    const length = index < 60 ? index : Math.floor(random() ** 3 * MAX_LENGTH)
    return Array.from({ length }, () => characterOf(random)).join('')
  })
  return { seed, plaintexts }
}

function characterOf(random: () => number): string {
  const alphabets = [0x80, 0x800, 0x1_0000, 0x11_0000]
  const special = ['\0', '\n', '\r', '"', '\\', '\u0085', '\u2028', '\uFEFF', '\uFFFD', '\uFFFF', '\u{10FFFF}']
  if (random() < 0.05) return special[Math.floor(random() * special.length)] ?? ''
  const code = Math.floor(random() * (alphabets[Math.floor(random() * alphabets.length)] ?? 0))
  // A lone surrogate is no text; the tests of the cipher have it.
  return code >= 0xd800 && code <= 0xdfff ? '\uE000' : String.fromCodePoint(code)
}
