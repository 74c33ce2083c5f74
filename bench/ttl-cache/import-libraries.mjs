/** What contenders are made from. `ours` is the file that is being measured. */
export function importLibraries(names, { ours }) {
  return Promise.all(names.map(name => import(name === 'ours' ? ours : name)))
}
