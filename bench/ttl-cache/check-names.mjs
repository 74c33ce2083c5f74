/** Refuses names that nothing is known by. */
export function checkNames(names, known) {
  const unknown = names.find(name => !known[name])
  if (unknown) throw new RangeError(`there is no ${unknown}, only ${Object.keys(known).join(', ')}`)
}
