/** The members that a list holds more than once. */
export function repeated(members: Iterable<string>): ReadonlySet<string> {
  const seen = new Set<string>()
  const found = new Set<string>()
  for (const member of members) {
    if (seen.has(member)) found.add(member)
    seen.add(member)
  }
  return found
}
