import type { Readable } from 'node:stream'
import { HttpProblem } from '../http/problem.ts'

/**
 * What is sent, up to a number of bytes.
 *
 * @throws HttpProblem 413 `BODY_TOO_LARGE`; 400 `UPLOAD_CUT_OFF` when the sender ended before the end.
 */
export async function* limitedUpload(upload: Readable, largest: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0
  for await (const piece of pieces(upload)) {
    bytes += piece.length
    if (bytes > largest) throw new HttpProblem(413, 'BODY_TOO_LARGE', 'The backup is too large to be sent.')
    yield piece
  }
}

async function* pieces(upload: Readable): AsyncGenerator<Uint8Array, void> {
  try {
    // Destroyed with the rest unread, it would take the connection with it before anything is answered.
    // Without an encoding, a request is read as bytes.
    yield* upload.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch {
    throw new HttpProblem(400, 'UPLOAD_CUT_OFF', 'The backup did not come to its end: send it again.')
  }
}
