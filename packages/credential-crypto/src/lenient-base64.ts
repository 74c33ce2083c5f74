const PAD = 0x3d

/** Value of each byte as a base64 character of either alphabet; -1 for all others. */
const SEXTETS: Int8Array = sextets()

/**
 * Decodes base64 exactly as Python's `base64.urlsafe_b64decode` does with bytes, which is how SimpleTuner reads both
 * layers of a stored credential; `undefined` where Python raises.
 *
 * Both alphabets count, all other bytes are skipped, unused trailing bits are ignored, `=` counts only where padding
 * may stand, and nothing is read after complete padding. Padding that is missing is refused
 * (CPython, `Modules/binascii.c`, `a2b_base64` without strict mode).
 */
export function decodeLenientBase64(text: Uint8Array): Buffer | undefined {
  const decoded = Buffer.allocUnsafe(Math.ceil(text.length / 4) * 3)
  let length = 0
  let position = 0
  let pads = 0
  let bits = 0
  // By index: an iterator takes almost twice as long.
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? PAD
    if (byte === PAD) {
      if (position < 2) continue
      pads += 1
      if (position + pads >= 4) return decoded.subarray(0, length)
      continue
    }
    const sextet = SEXTETS[byte] ?? -1
    if (sextet < 0) continue
    pads = 0
    bits = ((bits << 6) | sextet) & 0xfff
    if (position > 0) {
      decoded[length] = (bits >> (6 - 2 * position)) & 0xff
      length += 1
    }
    position = (position + 1) % 4
  }
  return position === 0 ? decoded.subarray(0, length) : undefined
}

function sextets(): Int8Array {
  const table = new Int8Array(256).fill(-1)
  for (const alphabetEnd of ['+/', '-_']) {
    const alphabet = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabetEnd}`
    for (const [value, character] of Buffer.from(alphabet).entries()) table[character] = value
  }
  return table
}
