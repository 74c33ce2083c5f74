/**
 * What the buffers held that are filled with zeros while a call runs, as text of one byte a character.
 *
 * @param call - Done when its promise is.
 */
export async function wipedContents(call: () => unknown): Promise<readonly string[]> {
  const contents: string[] = []
  const { fill } = Buffer.prototype
  Buffer.prototype.fill = function (this: Buffer, ...parameters: Parameters<typeof fill>): Buffer {
    const [value, start, end] = parameters
    if (value === 0) contents.push(this.toString('latin1', Number(start ?? 0), Number(end ?? this.length)))
    return fill.apply(this, parameters)
  }
  try {
    await call()
  } finally {
    Buffer.prototype.fill = fill
  }
  return contents
}
