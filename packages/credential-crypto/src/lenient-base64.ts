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
  const compact = Buffer.allocUnsafe(text.length)
  let length = 0
  let pads = 0
  // By index: an iterator takes almost twice as long.
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? PAD
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

/** Leaves to Node what Node does as Python: both alphabets without anything in between, a cut last group. */
function decode(compact: Buffer, length: number): Buffer {
  return Buffer.from(compact.toString('latin1', 0, length), 'base64')
}

function base64Bytes(): Uint8Array {
  const table = new Uint8Array(256)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'
  for (const byte of Buffer.from(alphabet)) table[byte] = 1
  return table
}
