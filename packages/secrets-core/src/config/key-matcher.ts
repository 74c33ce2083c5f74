/** Whether a key fits one of the patterns, in which `*` stands for any characters, also none. Letters count as they are. */
export function keyMatcher(patterns: readonly string[]): (key: string) => boolean {
  const expressions = patterns.map(pattern => new RegExp(`^${pattern.split(/\*+/).map(literal).join('.*')}$`, 's'))
  return key => expressions.some(expression => expression.test(key))
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
