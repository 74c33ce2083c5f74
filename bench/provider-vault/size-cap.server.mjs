// Answers as Vault does for KV 2: little for the secret `small`, 100 MB for every other. Prints its address.
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

const bytes = 100 * 1024 * 1024
const chunk = Buffer.alloc(64 * 1024, 'x')

const server = createServer((request, response) => void answer(request, response))
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

async function answer(request, response) {
  const name = decodeURIComponent(request.url.split('/').at(-1))
  const metadata = '{"created_time":"2026-11-22T12:48:43.5Z","deletion_time":"","destroyed":false,"version":1}'
  const [head, tail] = name === 'no JSON' ? ['', ''] : ['{"data":{"data":{"A":"', `"},"metadata":${metadata}}}`]
  response.setHeader('content-type', 'application/json')
  if (name === 'small') return response.end(`${head}${tail}`)
  if (name === 'announced') response.setHeader('content-length', head.length + bytes + tail.length)
  if (name === 'packed') response.setHeader('content-encoding', 'gzip')
  const stages = [Readable.from(body(head, tail)), ...(name === 'packed' ? [createGzip({ level: 1 })] : []), response]
  // Whoever has had enough hangs up.
  await pipeline(stages).catch(() => {})
}

function* body(head, tail) {
  yield Buffer.from(head)
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk
  yield Buffer.from(tail)
}
