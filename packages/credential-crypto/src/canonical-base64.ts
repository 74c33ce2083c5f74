const PAD = 0x3d

/** Values 0 to 61; those of the other two characters, in either alphabet, end in bits that are not zero. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Bits of the last character that no byte takes, by the number of pads. */
const UNUSED_BITS = [0, 0b11, 0b1111]

/**
 * Whether a text in padded base64 is the one spelling of the bytes that a lenient decoder made of it: that nothing was
 * skipped and nothing cut off, and that the bits behind the last byte are zero.
 *
 * Counts instead of encoding again, which would take as long as the decryption.
 *
 * @param text - What was decoded.
 * @param decodedLength - How many bytes came out; each character that was skipped makes it shorter.
 */
export function isCanonicalBase64(text: string, decodedLength: number): boolean {
  const pads = padsOf(text)
  // Never equal for a text that does not consist of whole groups of four.
  if (decodedLength !== (text.length / 4) * 3 - pads) return false
  return pads === 0 || (ALPHABET.indexOf(text.charAt(text.length - 1 - pads)) & (UNUSED_BITS[pads] ?? 0)) === 0
}

function padsOf(text: string): number {
  if (text.charCodeAt(text.length - 1) !== PAD) return 0
  return text.charCodeAt(text.length - 2) === PAD ? 2 : 1
}
