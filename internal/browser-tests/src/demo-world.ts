import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildServer, startServer } from '@st/demo-server/testing'
import type { Page } from 'playwright-core'

/** The first user, with the password. */
export const administrator: { readonly name: string; readonly password: string } = {
  name: 'ada',
  password: 'the first password',
}

/** The demo server in a process and a home of its own. */
export interface DemoWorld extends AsyncDisposable {
  readonly server: ChildServer
  readonly home: string
  /** Value of `HF_TOKEN`, and part of every other value. */
  readonly canary: string
  /** The one-time token that the server printed. */
  readonly token: string
  /** Starts it again at the same address, over the same state. */
  restart(): Promise<void>
}

/** Starts a server with secrets in its environment and in its file. */
export async function startDemoWorld(): Promise<DemoWorld> {
  const canary = `canary-${process.pid}-7e1c`
  const home = await mkdtemp(join(tmpdir(), 'st-console-'))
  await mkdir(join(home, '.simpletuner'))
  await writeFile(join(home, '.simpletuner/secrets.yaml'), `HF_TOKEN: ${canary}-file\nMINE: ${canary}-mine\n`)
  const env = { ...process.env, HOME: home, HF_TOKEN: canary, REPLICATE_API_TOKEN: `${canary}-replicate` }
  const server = await startServer({ env })
  const [, token = ''] = /First run: .*\s+(\S+)\n/.exec(server.output()) ?? []
  const world = {
    server,
    home,
    canary,
    token,
    restart: async () => {
      world.server = await startServer({ env, args: ['--port', new URL(server.url).port] })
    },
    [Symbol.asyncDispose]: async () => {
      await world.server[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true })
    },
  }
  return world
}

/** Makes the administrator in the form of the first run, by keyboard alone. */
export async function makeAdministrator(page: Page, token: string): Promise<void> {
  await page.getByRole('heading', { name: 'First run' }).waitFor()
  for (const text of [token, administrator.name, administrator.password]) {
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await signedIn(page)
}

/** Signs in by keyboard alone. */
export async function signIn(page: Page, { name, password }: typeof administrator = administrator): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await signedIn(page, name)
}

async function signedIn(page: Page, name = administrator.name): Promise<void> {
  await page.getByRole('button', { name: `Sign out ${name}` }).waitFor({ state: 'attached' })
}
