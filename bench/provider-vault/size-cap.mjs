// Meets an answer of 100 MB where a secret should be, with the provider and with bare node-vault.
//   pnpm build && node bench/provider-vault/size-cap.mjs [--rounds 5]
//
// A process for each round, contender and way of sending, so that none inherits memory; the server is a process of its
// own. Each reads a small secret first, which loads node-vault. Then: milliseconds of one read of the large answer, the
// longest time that the event loop stood still meanwhile, and how far the peak of the process's memory (VmHWM, reset
// right before) rose above what it had. Needs Linux.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { median } from '../ttl-cache/median.mjs'
import { formatTable } from '../ttl-cache/table.mjs'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const run = promisify(execFile)
const [server, child] = ['size-cap.server.mjs', 'size-cap.child.mjs'].map(name =>
  fileURLToPath(new URL(name, import.meta.url)),
)

const serving = spawn(process.execPath, [server], { stdio: ['pipe', 'pipe', 'inherit'] })
try {
  const [url] = await once(createInterface(serving.stdout), 'line')
  const rows = []
  for (const contender of ['@st/provider-vault', 'node-vault']) {
    for (const sending of ['announced', 'chunked', 'packed', 'no JSON']) {
      const rounds = []
      for (let round = 0; round < Number(values.rounds); round += 1) {
        const { stdout } = await run(process.execPath, ['--expose-gc', child, contender, sending, url])
        rounds.push(JSON.parse(stdout))
      }
      const middle = member => median(rounds.map(result => result[member])).toFixed(1)
      const worst = member => Math.max(...rounds.map(result => result[member])).toFixed(1)
      const cells = ['ms', 'gap', 'megabytes'].map(member => `${middle(member)} (${worst(member)})`)
      rows.push([contender, sending, ...cells, rounds[0].outcome])
    }
  }
  console.log(`100 MB, Node ${process.versions.node}, ${values.rounds} rounds: median (worst)\n`)
  console.log(formatTable(['', 'sent', 'ms', 'ms without a turn of the loop', 'more MB', 'ends as'], rows))
  console.log('\nGoals: at most 100 ms and 8 MB more.')
} finally {
  serving.kill()
}
