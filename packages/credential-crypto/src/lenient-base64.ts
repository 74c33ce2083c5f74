const PAD = 0x3d

/** 1 for each byte that is a base64 character of either alphabet, 0 for all others. */
const IS_BASE64: Uint8Array = base64Bytes()

/**
 * Decodes base64 exactly as Python's `base64.urlsafe_b64decode` does with bytes, which is how SimpleTuner reads both
 * layers of a stored credential; `undefined` where Python raises.
 *
 * Both alphabets count, all other bytes are skipped, unused trailing bits are ignored, `=` counts only where padding
 * may stand, and nothing is read after complete padding. Padding that is missing is refused
 * (CPython, `Modules/binascii.c`, `a2b_base64` without strict mode).
 */
export function decodeLenientBase64(text: Uint8Array): Buffer | undefined {
  const end = text.indexOf(PAD)
  if (end === -1) return countBase64(text, text.length) % 4 === 0 ? decode(text, text.length) : undefined
  const inLastGroup = countBase64(text, end) % 4
  const isPadded = inLastGroup >= 2 && (inLastGroup === 3 || text[end + 1] === PAD)
  return isPadded ? decode(text, end) : decodeWithStrayPads(text)
}

function countBase64(text: Uint8Array, end: number): number {
  let count = 0
  // By index: an iterator takes almost twice as long.
  for (let index = 0; index < end; index += 1) count += IS_BASE64[text[index] ?? PAD] ?? 0
  return count
}

/** Where `=` stands in other places than at the end, which no encoder writes. */
function decodeWithStrayPads(text: Uint8Array): Buffer | undefined {
  const compact = Buffer.allocUnsafe(text.length)
  let length = 0
  let pads = 0
  for (const byte of text) {
    if (IS_BASE64[byte] === 1) {
      compact[length] = byte
      length += 1
      pads = 0
    } else if (byte === PAD && length % 4 >= 2) {
      pads += 1
      if ((length % 4) + pads === 4) return decode(compact, length)
    }
  }
  return length % 4 === 0 ? decode(compact, length) : undefined
}

/** Leaves to Node what Node does as Python: both alphabets, nothing else counts, a last group may be cut. */
function decode(text: Uint8Array, end: number): Buffer {
  return Buffer.from(Buffer.from(text.buffer, text.byteOffset, end).toString('latin1'), 'base64')
}

function base64Bytes(): Uint8Array {
  const table = new Uint8Array(256)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'
  for (const byte of Buffer.from(alphabet)) table[byte] = 1
  return table
}
