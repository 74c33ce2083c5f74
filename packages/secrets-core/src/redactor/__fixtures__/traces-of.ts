/** So many characters of a value in a row are no accident. */
const PIECE = 6

/**
 * Pieces of a value that can be read out of a text: as it is, or from JSON, percent-encoding, hex or base64.
 *
 * Decodes where the redactor encodes, so that one does not share the faults of the other.
 */
export function tracesOf(value: string, text: string): readonly string[] {
  const readable = [
    text,
    ...unescaped(text),
    percentDecoded(text),
    percentDecoded(percentDecoded(text)),
    ...hexDecoded(text),
    ...decimalDecoded(text),
    ...base64Decoded(text),
  ].join('\n')
  const pieces = [value, Buffer.from(value).toString('latin1')].flatMap(spelling =>
    Array.from({ length: Math.max(0, spelling.length - PIECE + 1) }, (_, start) =>
      spelling.slice(start, start + PIECE),
    ),
  )
  // The frame of a PEM file is no secret.
  const frame = value.match(/-----.*?-----/g)?.join('\n') ?? ''
  return pieces.filter(piece => readable.includes(piece) && !frame.includes(piece))
}

function unescaped(text: string): readonly string[] {
  const once = unescapedOnce(text)
  return [once, unescapedOnce(once)]
}

function unescapedOnce(text: string): string {
  return text.replaceAll(/\\(?:u([\da-f]{4})|([\\"/]))/gi, (_, code?: string, character = '') =>
    code === undefined ? String(character) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function percentDecoded(text: string): string {
  return Buffer.from(
    text.replaceAll(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  ).toString()
}

function hexDecoded(text: string): readonly string[] {
  const runs = text.match(/(?:[\da-f]{2} ?){6,}/gi) ?? []
  return runs.flatMap(run =>
    [run, run.slice(1)].map(hex => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1')),
  )
}

function decimalDecoded(text: string): readonly string[] {
  const runs = text.match(/\d+(?:, ?\d+){5,}/g) ?? []
  return runs.map(run => Buffer.from(run.split(',').map(Number)).toString())
}

function base64Decoded(text: string): readonly string[] {
  const runs = text.match(/[\w+/-]{8,}/g) ?? []
  return runs.flatMap(run => [0, 1, 2, 3].map(start => Buffer.from(run.slice(start), 'base64').toString('latin1')))
}
