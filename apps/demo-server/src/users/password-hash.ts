import { argon2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** How passwords are hashed; the name and the parameters are stored with each hash. */
export type PasswordAlgorithm = 'argon2id' | 'scrypt'

/** Argon2id where the runtime has it. */
export const preferredAlgorithm: PasswordAlgorithm = typeof argon2 === 'function' ? 'argon2id' : 'scrypt'

/**
 * Hashes a password with what OWASP's cheat sheet asks for: Argon2id with 19 MiB, two passes and one lane, or scrypt with
 * N = 2^17, r = 8 and p = 1.
 *
 * @returns A text in the PHC string format, with algorithm, parameters and a salt of 128 random bits.
 */
export async function hashPassword(
  password: string,
  algorithm: PasswordAlgorithm = preferredAlgorithm,
): Promise<string> {
  const salt = randomBytes(16)
  const parameters = current[algorithm]
  const hash = await derive({ algorithm, parameters, salt, length: 32 }, password)
  const version = algorithm === 'argon2id' ? '$v=19' : ''
  const named = names[algorithm].map((name, index) => `${name}=${parameters[index]}`).join(',')
  return `$${algorithm}${version}$${named}$${base64(salt)}$${base64(hash)}`
}

/** What comparing a password with a hash says. */
export interface PasswordCheck {
  readonly matches: boolean
  /** Whether the hash was made with another algorithm or other parameters than a new one would be. */
  readonly isOutdated: boolean
}

/**
 * Compares a password with a stored hash.
 *
 * @throws TypeError for a text that is no hash of this form, or asks for more than the current parameters by far.
 */
export async function checkPassword(password: string, stored: string): Promise<PasswordCheck> {
  const { hash, ...how } = parse(stored)
  const given = await derive({ ...how, length: hash.length }, password)
  const isCurrent = how.algorithm === preferredAlgorithm && String(how.parameters) === String(current[how.algorithm])
  return { matches: timingSafeEqual(given, hash), isOutdated: !isCurrent }
}

const names: Readonly<Record<PasswordAlgorithm, readonly string[]>> = {
  argon2id: ['m', 't', 'p'],
  scrypt: ['ln', 'r', 'p'],
}
const current: Readonly<Record<PasswordAlgorithm, readonly number[]>> = { argon2id: [19_456, 2, 1], scrypt: [17, 8, 1] }
/** A stored hash must not be able to ask for all memory. */
const most: Readonly<Record<PasswordAlgorithm, readonly number[]>> = { argon2id: [262_144, 16, 4], scrypt: [18, 8, 4] }

interface Derivation {
  readonly algorithm: PasswordAlgorithm
  readonly parameters: readonly number[]
  readonly salt: Buffer
  readonly length: number
}

const runScrypt = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

async function derive({ algorithm, parameters, salt, length }: Derivation, password: string): Promise<Buffer> {
  const [cost = 0, second = 0, parallelism = 0] = parameters
  // The same password may be typed in composed and decomposed characters (NIST SP 800-63B, 5.1.1.2).
  const message = password.normalize('NFKC')
  if (algorithm === 'scrypt') {
    const N = 2 ** cost
    return runScrypt(message, salt, length, { N, r: second, p: parallelism, maxmem: 256 * N * second })
  }
  const options = { message, nonce: salt, memory: cost, passes: second, parallelism, tagLength: length }
  return promisify(argon2)('argon2id', options)
}

function parse(stored: string): Omit<Derivation, 'length'> & { readonly hash: Buffer } {
  const [, algorithm, named = '', salt = '', hash = ''] =
    /^\$(argon2id|scrypt)(?:\$v=19)?\$([a-z0-9=,]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored) ?? []
  if (algorithm !== 'argon2id' && algorithm !== 'scrypt') throw new TypeError('This is no hash of a password')
  const given = named.split(',')
  const parameters = names[algorithm].map((name, index) => Number(given[index]?.replace(`${name}=`, '')))
  const isBounded = parameters.every((value, index) => value >= 1 && value <= (most[algorithm][index] ?? 0))
  const bytes = Buffer.from(hash, 'base64')
  if (!isBounded || bytes.length < 16)
    throw new TypeError('This hash of a password asks for other work than is done here')
  return { algorithm, parameters, salt: Buffer.from(salt, 'base64'), hash: bytes }
}

/** The PHC string format leaves the padding away. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
