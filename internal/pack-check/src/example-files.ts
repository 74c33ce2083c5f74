import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every example has a test that uses it and a row in the README, which has no others. */
export function exampleFiles(folder: string): readonly string[] {
  const files = sourceFiles(folder)
  const names = files.filter(file => !file.endsWith('.test.ts')).map(file => file.slice(0, -'.ts'.length))
  const tested = files.filter(file => file.endsWith('.test.ts')).map(file => file.slice(0, -'.test.ts'.length))
  const rows = namesInReadme(folder)
  return [
    ...(names.length > 0 ? [] : ['there is no example']),
    ...names.filter(name => !tested.includes(name)).map(name => `${name}.ts has no ${name}.test.ts`),
    ...tested.filter(name => !names.includes(name)).map(name => `${name}.test.ts has no ${name}.ts`),
    ...tested.filter(name => !uses(folder, name)).map(name => `${name}.test.ts does not use ${name}.ts`),
    ...names.filter(name => !rows.includes(name)).map(name => `README.md has no row for ${name}.ts`),
    ...rows.filter(name => !names.includes(name)).map(name => `README.md has a row for ${name}.ts, which is not there`),
  ]
}

/** The examples and their tests, by name. */
export function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.ts'))
    .toSorted()
}

/** By importing it or, where it is a whole program, by the file that it starts. */
function uses(folder: string, name: string): boolean {
  const text = readFileSync(join(folder, `${name}.test.ts`), 'utf8')
  return text.includes(`'./${name}.ts'`) || text.includes(`\`${name}$\{extname(`)
}

function namesInReadme(folder: string): readonly string[] {
  const readme = join(folder, 'README.md')
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : ''
  return [...text.matchAll(/^\| \[`([\w-]+)\.ts`\]\(\1\.ts\)/gm)].map(match => match[1] ?? '')
}
