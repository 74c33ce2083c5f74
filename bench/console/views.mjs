// How soon the console shows its first view, and whether long lists page without a long task, in Chromium.
//   node --conditions=@st/source bench/console/views.mjs [--credentials 10000] [--entries 100000] [--read 10000]
// The server runs in a process of its own over SQLite. A first view is a window with an empty cache, from the click to what
// the view shows, once Chromium has loaded the pages that are its own (its address bar is one); a list is scrolled until so many rows (--read) were read, and back, while the browser traces its tasks.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { requirePeer } from '../../internal/test-peers/src/require-peer.ts'
import '../../packages/console/bundle-when-newer.mjs'

// This folder has no dependency on it.
const browserTests = new URL('../../internal/browser-tests/package.json', import.meta.url)
const { chromium } = createRequire(browserTests)('playwright-core')
const { values: options } = parseArgs({
  options: {
    credentials: { type: 'string', default: '10000' },
    entries: { type: 'string', default: '100000' },
    read: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '10' },
  },
})
const rounds = Number(options.rounds)
const windowStartMs = 2000

const peer = await requirePeer('chromium')
if (peer.status === 'missing') throw new Error(peer.how)
const folder = await mkdtemp(join(tmpdir(), 'st-bench-'))
const server = spawn(
  process.execPath,
  [
    '--conditions=@st/source',
    fileURLToPath(new URL('server.child.mjs', import.meta.url)),
    options.credentials,
    options.entries,
  ],
  { env: { PATH: process.env.PATH, HOME: folder }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
)
const [{ url }] = await once(server, 'message')
const browser = await chromium.launch({ executablePath: peer.path, args: ['--no-sandbox', '--disable-gpu'] })
try {
  console.log(
    `${browser.version()}, Node ${process.versions.node}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`,
  )
  const { context, page } = await openWindow()
  await page.goto(url)
  await page.getByLabel('Name').fill('bench')
  await page.getByLabel('Password', { exact: true }).fill('the password of bench')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  const storageState = await context.storageState()
  await firstView('sign-in', { path: '', selector: 'form input[name=name]' })
  await firstView('overview', { path: '', selector: '.counted dd', storageState })
  await firstView('credentials', { path: 'credentials', selector: 'tbody tr', storageState })
  await firstView('audit log', { path: 'audit', selector: 'tbody tr', storageState })
  await scrollThrough('credentials', storageState)
  await scrollThrough('audit', storageState)
} finally {
  await browser.close()
  server.disconnect()
  await rm(folder, { recursive: true, force: true })
}

async function openWindow(storageState) {
  const context = await browser.newContext({ storageState, viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.addInitScript({ path: fileURLToPath(new URL('in-page.js', import.meta.url)) })
  return { context, page }
}

/** From the navigation until the last thing is there, each time with nothing in the browser's cache. */
async function firstView(name, { path, selector, storageState }) {
  const times = []
  for (let round = 0; round < rounds; round += 1) {
    const { context, page } = await openWindow(storageState)
    await page.addInitScript(wanted => bench.markWhenShown(wanted), selector)
    await delay(windowStartMs)
    await page.goto(`${url}/${path}`)
    const shownAfterMs = await page.waitForFunction(() => bench.shownAfterMs)
    times.push(await shownAfterMs.jsonValue())
    await context.close()
  }
  times.sort((a, b) => a - b)
  const [median, worst] = [times[Math.floor(times.length / 2)], times.at(-1)]
  const told = [times[0], median, worst].map(ms => ms.toFixed(0))
  console.log(`first view, ${name}, of ${rounds}: best ${told[0]}, median ${told[1]}, worst ${told[2]} ms`)
}

/** Reads a list to its end and back; every task of the browser's main thread counts, whatever it does. */
async function scrollThrough(path, storageState) {
  const { context, page } = await openWindow(storageState)
  await page.goto(`${url}/${path}`)
  await page.locator('tbody tr').first().waitFor()
  const trace = join(folder, `${path}.json`)
  await browser.startTracing(page, { path: trace, categories: ['toplevel'] })
  const rows = await page.evaluate(
    wanted => bench.scrollAll(wanted),
    Math.min(Number(options.read), Number(options[path] ?? options.entries)),
  )
  await browser.stopTracing()
  await context.close()
  const tasks = await tasksOf(trace)
  // On a machine with other work a task also waits: what it took of the processor is its own.
  const told = ['dur', 'tdur'].map(member => {
    // Some have no time of the processor.
    const ms = tasks.map(task => (task[member] ?? 0) / 1000).toSorted((a, b) => b - a)
    return `longest ${ms[0].toFixed(1)} ms, ${ms.filter(each => each > 50).length} over 50 ms`
  })
  console.log(`${path}: ${rows} rows read, ${tasks.length} tasks; by the clock ${told[0]}; by the processor ${told[1]}`)
}

/** Tasks of the main thread, from a file that may be larger than any text can be: an event has a line of its own. */
async function tasksOf(trace) {
  const main = new Set()
  const tasks = []
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    if (!/^\{"args".*("thread_name"|RunTask")/.test(line)) continue
    const { ph, name, pid, tid, args, dur, tdur } = JSON.parse(line.replace(/,$/, '').replace(/\],"metadata".*$/, ''))
    if (name === 'thread_name' && args.name === 'CrRendererMain') main.add(`${pid}/${tid}`)
    if (ph === 'X' && name.endsWith('RunTask')) tasks.push({ thread: `${pid}/${tid}`, dur, tdur })
  }
  return tasks.filter(({ thread }) => main.has(thread))
}
