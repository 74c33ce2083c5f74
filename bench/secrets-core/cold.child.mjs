// Many reads at once of one secret by one reader, the first in this process; prints calls, milliseconds and those of CPU time as JSON.
import { evaluate } from '../ttl-cache/evaluate.mjs'
import { builds } from './builds.mjs'
import { importLibraries } from './import-libraries.mjs'
import { readers } from './readers.mjs'

const { reader: name, callers } = JSON.parse(process.argv[2])
const { libraries, create, read } = readers[name]
const key = 'COLD_SECRET'
const secrets = { [key]: 'value of the cold secret' }
let calls = 0
const reader = create(await importLibraries(libraries, builds), { secrets, onCall: () => void calls++ })
const ask = evaluate(`async (reader, key) => ${read}`)

const before = process.cpuUsage()
const startedAt = performance.now()
const values = await Promise.all(Array.from({ length: callers }, () => ask(reader, key)))
const ms = performance.now() - startedAt
const { user, system } = process.cpuUsage(before)

if (values.some(value => value !== secrets[key])) throw new Error(`${name} gave somebody another value`)
process.stdout.write(JSON.stringify({ calls, ms, cpuMs: (user + system) / 1000 }))
