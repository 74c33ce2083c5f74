import { hkdfSync } from 'node:crypto'

/** What {@link deriveHkdf} makes beside its input key. */
export interface HkdfPurpose {
  /** Default: none. */
  readonly salt?: Buffer | undefined
  /** What the result is for; another text, another key. */
  readonly info: string | Buffer
  /** Bytes. */
  readonly length: number
}

/** HKDF-SHA256 (RFC 5869), which takes microseconds: for input that is random already. Whoever asked wipes the result. */
export function deriveHkdf(input: Buffer, { salt, info, length }: HkdfPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt ?? '', info, length))
}
