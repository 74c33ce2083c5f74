import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { base64Inside, printedForms } from './__fixtures__/printed-forms.ts'
import { RandomText } from './__fixtures__/random-text.ts'
import { randomValues } from './__fixtures__/random-values.ts'
import { tracesOf } from './__fixtures__/traces-of.ts'
import { createRedactor } from './redactor.ts'
import type { Redactor } from './redactor.ts'

const seeds = Array.from({ length: process.env['ST_LONG_TESTS'] === '1' ? 500 : 2 }, (_, index) => index + 1)

/** A log in which a value stands in every form, and often. */
function logOf(value: string, random: RandomText): string {
  const printed = [...Object.values(printedForms(value)), ...base64Inside(value)]
  const line = (form: string) =>
    random.pick([
      `2026-11-22 [info] token=${form} tries=3`,
      `{"level":"info","token":"${form}","tries":3}`,
      `GET /models?token=${form}&page=3 200`,
      `authorization: Bearer ${form}`,
      `🔑${form}🔑`,
      `${form}: refused`,
    ])
  return [...printed, ...printed].map(line).join('\n')
}

async function streamed(redactor: Redactor, chunks: readonly string[]): Promise<string> {
  const output: string[] = []
  const source = new ReadableStream<string>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  for await (const chunk of source.pipeThrough(redactor.stream())) output.push(chunk)
  return output.join('')
}

/** Everything that can hold a log. */
function holderOf(log: string): unknown {
  class Holder {
    readonly log = log
  }
  const error = Object.assign(new Error(log, { cause: new AggregateError([new TypeError(log)], log) }), { log })
  Object.defineProperty(error, 'hidden', { value: log })
  return {
    error,
    [log]: log,
    lines: log.split('\n'),
    map: new Map([[log, { log }]]),
    set: new Set([log]),
    bytes: [Buffer.from(log), new TextEncoder().encode(log).buffer, Buffer.from(log, 'utf16le')],
    holder: new Holder(),
    boxed: Object(log),
    symbol: Symbol(log),
  }
}

describe.each(seeds)('with values of seed %i', seed => {
  const random = new RandomText(seed)
  const values = Object.entries(randomValues(random))
  const redactor = createRedactor()
  for (const [index, [, value]] of values.entries()) redactor.protect(value, `KEY_${index}`)

  it.each(values)('no trace of a value of the shape %s is left in any output', async (_, value) => {
    const log = logOf(value, random)

    const text = redactor.text(log)
    const copy = redactor.value(holderOf(log))
    const stream = await streamed(redactor, random.chunks(log, random.pick([5, 50, 500])))

    const outputs = [
      text,
      stream,
      JSON.stringify(copy),
      inspect(copy, { depth: 20, showHidden: true, maxStringLength: null }),
    ]
    expect(outputs.map(output => tracesOf(value, output))).toEqual([[], [], [], []])
    expect(stream).toBe(text)
  })
})
