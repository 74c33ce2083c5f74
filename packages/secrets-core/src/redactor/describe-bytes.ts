import { isUtf8 } from 'node:buffer'
import type { KnownValues } from './known-values.ts'
import { redactText } from './redact-text.ts'

/** More are not looked into, and not printed. */
const MOST_BYTES = 65_536

/** In text there are none but tabs, line ends and the beginnings of terminal sequences. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const NO_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/

/** Bytes as text where they are one; otherwise what they are, how many, and which known values they hold. */
export function describeBytes(bytes: Uint8Array, kind: string, known: KnownValues): string {
  if (bytes.length > MOST_BYTES) return bytesMarker(kind, bytes.length)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const text = buffer.toString()
  if (isUtf8(buffer) && !NO_TEXT.test(text)) return redactText(text, known)
  return bytesMarker(kind, bytes.length, markersInBytes(buffer, known))
}

/** What is shown of bytes that are no text. */
export function bytesMarker(kind: string, length: number, markers: readonly string[] = []): string {
  return `[${kind} of ${length} bytes${markers.length > 0 ? `: ${markers.join(', ')}` : ''}]`
}

/** What stands for the known values that bytes hold, in whichever encoding of text. */
export function markersInBytes(bytes: Buffer, known: KnownValues): readonly string[] {
  const texts = [bytes.toString(), bytes.toString('latin1'), utf16Text(bytes, 0), utf16Text(bytes, 1)]
  return [...new Set(texts.flatMap(text => known.markersIn(text)))]
}

function utf16Text(bytes: Buffer, start: number): string {
  // Whole characters only: of an odd number of bytes at an odd address Node 24 writes one too many (nodejs/node#64697).
  const length = Math.floor((bytes.length - start) / 2) * 2
  return bytes.toString('utf16le', start, start + length)
}
