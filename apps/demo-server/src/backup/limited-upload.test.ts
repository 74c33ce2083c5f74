import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { limitedUpload } from './limited-upload.ts'

async function read(upload: Readable): Promise<number> {
  let bytes = 0
  for await (const piece of limitedUpload(upload, 10)) bytes += piece.length
  return bytes
}

it('an upload is read up to the limit', async () => {
  expect(await read(Readable.from([Buffer.alloc(4), Buffer.alloc(6)]))).toBe(10)
})

it('one that is larger is refused, and its connection is left for the answer', async () => {
  const upload = Readable.from([Buffer.alloc(11), Buffer.alloc(1)])

  await expect(read(upload)).rejects.toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
  expect(upload.destroyed).toBe(false)
})

it('one that is cut off is told as that', async () => {
  const upload = new Readable({ read: () => undefined })
  upload.push(Buffer.alloc(1))
  setImmediate(() => upload.destroy(new Error('aborted')))

  await expect(read(upload)).rejects.toMatchObject({ status: 400, code: 'UPLOAD_CUT_OFF' })
})
