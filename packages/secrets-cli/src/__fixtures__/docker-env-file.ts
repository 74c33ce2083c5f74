/**
 * Variables as Docker's command line reads them from `--env-file` (`opts/file.go`): lines of at most 64 KiB, without a
 * `\r` at the end, white space before the name dropped, `#` for comments, and the rest as it is.
 */
export function parseDockerEnvFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  for (const scanned of text.replace(/\n$/, '').split('\n')) {
    if (Buffer.byteLength(scanned) >= 65_536) throw new Error('bufio.Scanner: token too long')
    const line = scanned.replace(/\r$/, '').replace(/^[ \t\u2028\u0085\v\f\r]+/, '')
    if (line === '' || line.startsWith('#')) continue
    const end = line.indexOf('=')
    if (end < 1 || /\s/.test(line.slice(0, end))) throw new Error('no variable')
    variables.set(line.slice(0, end), line.slice(end + 1))
  }
  return variables
}
