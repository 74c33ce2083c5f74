const switches: readonly string[] = ['--json', '--quiet', '-q', '--no-color']
const valued: readonly string[] = ['--timeout', '--config']

/**
 * The same words with the global flags that stand before the command moved behind it, where the parser takes them:
 * `--json get KEY` becomes `get KEY --json`.
 */
export function moveGlobalFlags(words: readonly string[]): readonly string[] {
  const length = leadingFlags(words)
  if (length === 0 || length === words.length) return words
  const [flags, rest] = [words.slice(0, length), words.slice(length)]
  const end = rest.indexOf('--')
  return end === -1 ? [...rest, ...flags] : [...rest.slice(0, end), ...flags, ...rest.slice(end)]
}

/** How many words at the beginning are global flags and their values. */
function leadingFlags(words: readonly string[]): number {
  let length = 0
  while (length < words.length) {
    const word = words[length] ?? ''
    if (switches.includes(word) || valued.some(flag => word.startsWith(`${flag}=`))) length += 1
    else if (valued.includes(word)) length += 2
    else break
  }
  return Math.min(length, words.length)
}
