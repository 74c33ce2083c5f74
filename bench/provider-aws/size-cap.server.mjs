// Answers as Secrets Manager does: little for the secret `small`, 100 MB for every other. Prints its address.
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

const bytes = 100 * 1024 * 1024
const chunk = Buffer.alloc(64 * 1024, 'x')

const server = createServer((request, response) => void answer(request, response))
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

async function answer(request, response) {
  const { SecretId } = JSON.parse(await text(request))
  const [head, tail] = SecretId === 'no JSON' ? ['', ''] : ['{"SecretString":"', '"}']
  response.setHeader('content-type', 'application/x-amz-json-1.1')
  if (SecretId === 'small') return response.end(`${head}${tail}`)
  if (SecretId === 'announced') response.setHeader('content-length', head.length + bytes + tail.length)
  // Whoever has had enough hangs up.
  await pipeline(Readable.from(body(head, tail)), response).catch(() => {})
}

function* body(head, tail) {
  yield Buffer.from(head)
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk
  yield Buffer.from(tail)
}
