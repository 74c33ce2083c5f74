const BYTES = 131_072

let memory: Buffer | undefined

/**
 * Memory for one token in its binary form, used again by the next call: at 64 KiB a new buffer a call costs as much as
 * the encryption. Holds what everybody may see, tokens, and never a plaintext or a key.
 *
 * Whoever is given it is done with it before returning; nothing here waits, so that nobody comes in between.
 *
 * @param length - Bytes needed. The buffer may be longer.
 */
export function scratchMemory(length: number): Buffer {
  if (length > BYTES) return Buffer.allocUnsafeSlow(length)
  memory ??= Buffer.allocUnsafeSlow(BYTES)
  return memory
}
