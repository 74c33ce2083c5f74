import { useState } from 'preact/hooks'

let count = 0

/** A name for an element that no other has. Nothing is drawn on a server, so it need not be the same there as Preact's is. */
export function useId(): string {
  return useState(() => `id-${(count += 1)}`)[0]
}
