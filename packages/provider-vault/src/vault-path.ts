/** What is wrong with a mount or a path, as the end of a sentence; `undefined` when nothing is. */
export function pathProblem(path: string): string | undefined {
  const segments = segmentsOf(path)
  if (segments.includes('')) return 'has an empty segment'
  // The server resolves these and answers from another engine.
  if (segments.includes('.') || segments.includes('..')) return 'has a segment "." or ".."'
  return /\p{Cc}/u.test(path) || !path.isWellFormed() ? 'has a control character or a lone surrogate' : undefined
}

/** The path without slashes at its ends: a slash at the end makes Vault fail with status 500. */
export function trimSlashes(path: string): string {
  return segmentsOf(path).join('/')
}

/** Percent-encodes each segment, as `#`, `?` and `%` are ordinary characters of a path. */
export function encodePath(path: string): string {
  return segmentsOf(path).map(encodeURIComponent).join('/')
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/^\/+|\/+$/g, '').split('/')
}
