import { UnexpectedShape } from './answer-shape.ts'

/**
 * The body of an answer as text.
 *
 * @param response - Whose body nobody has read.
 * @param maxBytes - A larger one is given up.
 * @throws {@link UnexpectedShape} for a larger one, and for what is no UTF-8.
 */
export async function limitedText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > maxBytes) throw new UnexpectedShape()
    chunks.push(chunk)
  }
  return decoded(Buffer.concat(chunks))
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UnexpectedShape()
  }
}
