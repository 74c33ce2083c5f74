import { deepEqual, equal } from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { startFakeSecretsManager } from '@st/test-servers'
import { connect } from './database-login.ts'

interface Login {
  readonly username: string
  readonly password: string
}

/** The part of PostgreSQL that lets users in. What a client sends is a few bytes and comes in one piece. */
async function receive(socket: Socket, login: Login): Promise<void> {
  const received = async (): Promise<string> => String((await once(socket, 'data'))[0])
  const [, username] = /user\0([^\0]+)/.exec(await received()) ?? []
  if (username !== login.username) return void socket.end(refusal('28000'))
  socket.write(message('R', Buffer.from([0, 0, 0, 3])))
  const password = (await received()).slice(5, -1)
  if (password !== login.password) return void socket.end(refusal('28P01'))
  socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]))
}

function refusal(code: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0C${code}\0Mrefused\0\0`))
}

/** A message of its protocol: a type, the length with itself, the content. */
function message(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}

test('survives rotations of password and of both, with one question to AWS for all who meet one', async t => {
  let login: Login = { username: 'app_1', password: 'first-password' }
  const sockets: Socket[] = []
  const database = createServer(socket => {
    sockets.push(socket)
    void receive(socket, login)
  })
  await once(database.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    database.close()
  })
  await using aws = await startFakeSecretsManager()
  const rotateTo = (next: Login): void => {
    login = next
    aws.put('prod/database', JSON.stringify(next))
  }
  rotateTo(login)
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'example',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_REGION: 'us-west-2',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    PGHOST: '127.0.0.1',
    // It listens on a port.
    PGPORT: String((database.address() as AddressInfo).port),
  })

  const clients = [await connect()]
  equal(aws.operations.length, 1)

  rotateTo({ username: 'app_1', password: 'second-password' })
  clients.push(...(await Promise.all(Array.from({ length: 20 }, connect))))
  equal(aws.operations.length, 2)

  rotateTo({ username: 'app_2', password: 'third-password' })
  clients.push(...(await Promise.all(Array.from({ length: 20 }, connect))))
  equal(aws.operations.length, 3)

  deepEqual([...new Set(clients.map(({ user }) => user))], ['app_1', 'app_2'])
  await Promise.all(clients.map(async client => client.end()))
})
