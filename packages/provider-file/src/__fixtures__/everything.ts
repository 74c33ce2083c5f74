import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { DirectorySecretProvider, EnvironmentFileSecretProvider, FileSecretProvider } from '../index.ts'

/** Does everything that the providers of this package can do, well and badly, and prints all that a program may print. */
const [directory = '', canary = ''] = process.argv.slice(2)

function file(name: string, content: string | Uint8Array, mode = 0o600): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

function print(value: unknown): void {
  process.stdout.write(
    `${String(value)}\n${inspect(value, { depth: 20, showHidden: true })}\n${JSON.stringify(value)}\n`,
  )
  if (value instanceof Error) process.stdout.write(`${value.stack}\n`)
}

async function attempt(run: () => unknown): Promise<void> {
  try {
    await run()
  } catch (error) {
    print(error)
  }
}

const files = [
  file('good.json', `{"TOKEN": "${canary}", "OTHER": "x"}`),
  file('good.yaml', `TOKEN: ${canary}\nOTHER: x\n`),
  file('open.json', `{"TOKEN": "${canary}"}`, 0o666),
  file('syntax.json', `{"TOKEN": ${canary}`),
  file('syntax.yaml', `TOKEN: ${canary}: [\n`),
  file('list.json', `["${canary}"]`),
  file('unusable.json', `{"TOKEN": ["${canary}"], "A": "${canary}", "A": "${canary}"}`),
  file('anchors.yaml', `TOKEN: &a {T: ${canary}}\n<<: *a\n`),
  file('latin.json', Buffer.from(`{"TOKEN":"${canary}é"}`, 'latin1')),
  file('large.json', `{"TOKEN": "${canary.repeat(60_000)}"}`),
  join(directory, 'absent', 'new.json'),
]
for (const filePath of files) {
  for (const insecurePermissions of ['warn', 'refuse'] as const) {
    const provider = new FileSecretProvider({ filePath, insecurePermissions })
    for (const run of [
      async () => void (await provider.getSecret('TOKEN')),
      () => void provider.getSecretSync('TOKEN'),
      async () => print(await provider.checkHealth()),
      async () => provider.setSecret('TOKEN', `${canary}-changed`),
      async () => provider.deleteSecret('TOKEN'),
      async () => provider.setSecret('TOKEN', canary, { signal: AbortSignal.abort() }),
      () => print(provider.describe()),
    ]) {
      await attempt(run)
    }
    print(provider)
  }
}

file('KEY', canary)
file('BAD', `${canary}\0`)
file('WORSE', Buffer.from(`${canary}é`, 'latin1'))
symlinkSync('/etc/hostname', join(directory, 'OUT'))
const mounted = new DirectorySecretProvider({ directory })
const named = new EnvironmentFileSecretProvider({
  prefix: 'APP',
  env: {
    APP_KEY_FILE: join(directory, 'KEY'),
    APP_BAD_FILE: join(directory, 'BAD'),
    APP_OUT_FILE: canary,
    APP_WORSE_FILE: `${canary}/`.repeat(1000),
  },
})
for (const provider of [mounted, named]) {
  for (const key of ['KEY', 'BAD', 'WORSE', 'OUT', '../KEY']) {
    await attempt(async () => void (await provider.getSecret(key)))
    await attempt(() => void provider.getSecretSync(key))
  }
  await attempt(async () => print(await provider.checkHealth()))
  print(provider.describe())
  print(provider)
}
process.stdout.write('done\n')
