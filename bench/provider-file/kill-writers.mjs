// Kills writers of a secrets file with SIGKILL and counts what was lost:
//
//   node --conditions=@st/source bench/provider-file/kill-writers.mjs [kills] [seed]
//
// First `kills` writers (default 200), in two lanes, one writing JSON and one YAML, each killed within milliseconds of a
// write that it acknowledged; after each kill the file is read and written once more. Then sixteen processes that write
// 100 keys each into one file, two of three of them killed on the way and followed by others. Exits with 1 when a file
// was torn, an acknowledged write was missing, or anything was left beside a file.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCrowdTrial } from '../../packages/provider-file/src/__fixtures__/crowd-trial.ts'
import { runKillTrials } from '../../packages/provider-file/src/__fixtures__/kill-trials.ts'

const [kills = '200', seed = '2026'] = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'st-kill-writers-'))
try {
  const trials = await timed(() => runKillTrials(directory, Number(kills), Number(seed)))
  console.log('killed at random moments', trials)
  mkdirSync(join(directory, 'crowd'))
  const filePath = join(directory, 'crowd', 'secrets.json')
  const crowd = await timed(() => runCrowdTrial(filePath, { writers: 16, writes: 100, seed: Number(seed) }))
  console.log('sixteen processes, 100 writes each', crowd)
  const failures = trials.torn + trials.lost + trials.leftBehind + crowd.lost + crowd.leftBehind
  process.exitCode = failures === 0 ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function timed(run) {
  const startedMs = performance.now()
  const report = await run()
  return { ...report, seconds: Math.round((performance.now() - startedMs) / 100) / 10 }
}
