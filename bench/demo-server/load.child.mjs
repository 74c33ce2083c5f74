// Runs autocannon with the options that it is sent; sends what came of it.
import { once } from 'node:events'
import autocannon from 'autocannon'

const [options] = await once(process, 'message')
// Also when who started it has ended.
process.once('disconnect', () => process.exit())
const { latency, errors, timeouts, non2xx, duration, '2xx': answered } = await autocannon(options)
const { p50, p99, max } = latency
process.send({ answered, refused: non2xx, errors: errors + timeouts, perSecond: answered / duration, p50, p99, max })
process.disconnect()
