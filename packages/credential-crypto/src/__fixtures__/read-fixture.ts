import { readFileSync } from 'node:fs'
import type { CredentialKdf } from '../st2-key.ts'

/** What the rows of each file of vectors in this folder hold. */
export interface FixtureRows {
  'derived-keys': { secret: string; derivedKey: string }
  'reference-derivations': { secret: string; fernetKey: string }
  'deterministic-tokens': {
    id: string
    secret: string
    plaintext: string
    timestamp: string
    iv: string
    token: string
  }
  'reference-encryptions': {
    secret: string
    plaintext: string
    time: number
    iv: string
    fernetToken: string
    stored: string
  }
  'stored-tokens': {
    id: string
    description: string
    /** Absent where it is too long to be repeated. */
    secret?: string
    /** Where the secret is absent: what its row in `derived-keys` has. */
    derivedKey?: string
    token: string
    timestamp: number
    plaintext?: string
    plaintextSha256?: string
  }
  'edge-tokens': {
    id: string
    category: string
    description: string
    secret: string
    token: string
    isCanonical: boolean
    /** What Python decrypted; absent where it refused. */
    plaintext?: string
    /** Why Python refused. */
    cause?: string
  }
  'reference-decryptions': { name: string; secret: string; stored: string; plaintext?: string; raises?: string }
  rotations: {
    oldSecret: string
    newSecret: string
    unrelatedSecret: string
    plaintext: string
    timestamp: number
    oldToken: string
    rotatedToken: string
  }
  'key-files': {
    id: string
    description: string
    content: string
    /** Absent where Python could not read the file, and replaced it. */
    secret?: string
    plaintext?: string
    token?: string
  }
  'reference-key-sources': {
    name: string
    env?: Record<string, string>
    files?: Record<string, string | { base64?: string; text?: string; mode?: string; dir?: boolean }>
    derivedFrom: string | null
    generated?: boolean
  }
  'token-ages': { secret: string; token: string; ttl: number; now: number; isAccepted: boolean }
  'st2-tokens': {
    secret: string
    kdf: CredentialKdf
    salt?: string
    context: Record<string, string>
    plaintext: string
    nonce: string
    fingerprint: string
    token: string
  }
  'fernet-generate': { token: string; now: string; iv: number[]; src: string; secret: string }
  'fernet-verify': { token: string; now: string; ttl_sec: number; src: string; secret: string }
  'fernet-invalid': { desc: string; token: string; now: string; ttl_sec: number; secret: string }
}

/** The rows of a file of vectors in this folder. */
export function readFixture<Name extends keyof FixtureRows>(name: Name): readonly FixtureRows[Name][] {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')
  // The file is part of this package; a row of another shape makes its test fail.
  return JSON.parse(text) as FixtureRows[Name][]
}
