/** What readers are made from. `ours` and `cache` are the builds that are measured. */
export function importLibraries(names, builds) {
  return Promise.all(names.map(name => import(builds[name] ?? name)))
}
