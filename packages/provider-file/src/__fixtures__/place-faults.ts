import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fails, holding, isAbsent, json, link, readsOnly, works } from './fault-row.ts'
import type { FaultRow } from './fault-row.ts'

const isRoot = process.geteuid?.() === 0
const listeningScript =
  'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))'

/** What can be in the place of a file, and where the path can lead. */
export const places: readonly FaultRow[] = [
  { name: 'no file', arrange: () => {}, ...isAbsent },
  {
    name: 'no directory',
    file: 'a/b/secrets.json',
    arrange: () => {},
    ...isAbsent,
  },
  { name: 'a directory', arrange: filePath => mkdirSync(filePath), ...fails('malformed') },
  { name: 'a pipe', arrange: filePath => execFileSync('mkfifo', [filePath]), ...fails('malformed') },
  {
    name: 'a socket',
    // A killed listener leaves its socket behind.
    arrange: filePath => spawnSync(process.execPath, ['-e', listeningScript, filePath]),
    ...fails('malformed'),
  },
  { name: 'a device without end', arrange: link('/dev/zero'), ...fails('malformed') },
  { name: 'a device without content', arrange: link('/dev/null'), ...fails('malformed') },
  { name: 'a device that is full', arrange: link('/dev/full'), ...fails('malformed') },
  {
    name: 'a link to a file beside it',
    arrange: filePath => {
      holding(json)(join(dirname(filePath), 'target.json'))
      symlinkSync('target.json', filePath)
    },
    ...works,
  },
  {
    name: 'a chain of links to another directory',
    arrange: filePath => {
      mkdirSync(join(dirname(filePath), 'elsewhere'))
      holding(json)(join(dirname(filePath), 'elsewhere', 'target.json'))
      symlinkSync(join(dirname(filePath), 'elsewhere', 'target.json'), join(dirname(filePath), 'hop'))
      symlinkSync('hop', filePath)
    },
    ...works,
  },
  {
    name: 'a volume of Kubernetes',
    arrange: filePath => {
      mkdirSync(join(dirname(filePath), '..2026'))
      holding(json)(join(dirname(filePath), '..2026', 'secrets.json'))
      symlinkSync('..2026', join(dirname(filePath), '..data'))
      symlinkSync('..data/secrets.json', filePath)
    },
    ...works,
  },
  { name: 'a link to nothing', arrange: link('nothing.json'), ...isAbsent },
  { name: 'a link to itself', arrange: link('secrets.json'), ...fails('malformed') },
  {
    name: 'two links to each other',
    arrange: filePath => {
      symlinkSync('secrets.json', join(dirname(filePath), 'hop'))
      symlinkSync('hop', filePath)
    },
    ...fails('malformed'),
  },
  {
    name: 'a second name for the file',
    arrange: filePath => {
      holding(json)(filePath)
      linkSync(filePath, join(dirname(filePath), 'second.json'))
    },
    ...works,
  },
  {
    name: 'a file for a directory',
    file: 'file/secrets.json',
    arrange: filePath => writeFileSync(dirname(filePath), ''),
    read: { value: undefined },
    set: 'malformed',
    remove: false,
  },
  { name: 'a path that is too long', file: 'x'.repeat(5000), arrange: () => {}, ...fails('not_configured') },
  {
    name: 'a name that is too long for a lock beside it',
    file: 'x'.repeat(253),
    arrange: holding(json),
    ...readsOnly('not_configured'),
  },
]

function inDirectoryOfMode(mode: number): FaultRow['arrange'] {
  return filePath => {
    holding(json, 0o644)(filePath)
    chmodSync(dirname(filePath), mode)
  }
}

/** Who can get at a file. */
export const permissions: readonly FaultRow[] = [
  { name: 'a file that others can read', arrange: holding(json, 0o644), ...works },
  {
    name: 'a file that others can read, which is refused',
    arrange: holding(json, 0o644),
    options: { insecurePermissions: 'refuse' },
    ...fails('insecure'),
  },
  {
    name: 'a file that its group can write, which is refused',
    arrange: holding(json, 0o620),
    options: { insecurePermissions: 'refuse' },
    ...fails('insecure'),
  },
  {
    name: 'a directory that others can write, which is refused',
    arrange: filePath => {
      holding(json)(filePath)
      chmodSync(dirname(filePath), 0o777)
    },
    options: { insecurePermissions: 'refuse' },
    ...fails('insecure'),
  },
  ...(isRoot
    ? [
        {
          name: 'a file of another user',
          arrange: (filePath: string) => {
            holding(json)(filePath)
            chownSync(filePath, 4242, 4242)
          },
          ...works,
        },
        {
          name: 'a file of another user, which is refused',
          arrange: (filePath: string) => {
            holding(json)(filePath)
            chownSync(filePath, 4242, 4242)
          },
          options: { insecurePermissions: 'refuse' } as const,
          ...fails('insecure'),
        },
      ]
    : []),
  { name: 'a file that may not be read', arrange: holding(json, 0o000), isUnprivileged: true, ...fails('forbidden') },
  {
    name: 'a directory that may not be written',
    arrange: inDirectoryOfMode(0o555),
    isUnprivileged: true,
    ...readsOnly('forbidden'),
  },
  {
    name: 'a directory that may not be entered',
    arrange: inDirectoryOfMode(0o000),
    isUnprivileged: true,
    ...fails('forbidden'),
  },
  { name: 'a file that is read-only', arrange: holding(json, 0o400), ...works },
]
