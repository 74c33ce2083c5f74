import { renameSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Exchanges a file again and again, in one of three ways, until it is killed. */
const [directory = '', way = ''] = process.argv.slice(2)
const filePath = join(directory, 'secrets.json')

function text(version: number): string {
  return JSON.stringify({
    TOKEN: `token ${version}`,
    FILLER: '.'.repeat((version % 7) * 20_000),
    LAST: `last ${version}`,
  })
}

function replaceByRename(version: number): void {
  writeFileSync(`${filePath}.new`, text(version))
  renameSync(`${filePath}.new`, filePath)
}

function exchangeLink(version: number): void {
  writeFileSync(join(directory, `target-${version}.json`), text(version))
  symlinkSync(`target-${version}.json`, `${filePath}.new`)
  renameSync(`${filePath}.new`, filePath)
  rmSync(join(directory, `target-${version - 1}.json`), { force: true })
}

function removeAndMake(version: number): void {
  rmSync(filePath, { force: true })
  replaceByRename(version)
}

const ways = new Map([
  ['rename', replaceByRename],
  ['link', exchangeLink],
  ['remove', removeAndMake],
])
for (let version = 1; ; version += 1) {
  ways.get(way)?.(version)
  if (version === 2) writeSync(1, 'ready\n')
}
