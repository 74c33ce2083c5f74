import { readFileSync } from 'node:fs'

/** What every vector has. */
export interface Vector {
  /** Wycheproof's number of it. */
  readonly id: number
  readonly comment?: string
  /** Whether it is to be accepted. */
  readonly isValid: boolean
}

/** What the vectors of each file in this folder hold, as hexadecimal. */
export interface Vectors {
  'aes-cbc-pkcs5': Vector & { key: string; iv: string; message: string; ciphertext: string }
  'aes-gcm': Vector & {
    key: string
    iv: string
    additionalData: string
    message: string
    ciphertext: string
    tag: string
  }
  'hmac-sha256': Vector & { key: string; message: string; tag: string }
  'hkdf-sha256': Vector & { inputKey: string; salt: string; info: string; length: number; key: string }
  'pbkdf2-hmac-sha256': Vector & { password: string; salt: string; iterations: number; length: number; key: string }
}

/** The vectors of a file in this folder. */
export function readVectors<Name extends keyof Vectors>(name: Name): readonly Vectors[Name][] {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')
  // The file is part of this package; a vector of another shape makes its test fail.
  return JSON.parse(text) as Vectors[Name][]
}
