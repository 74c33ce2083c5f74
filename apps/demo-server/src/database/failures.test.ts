import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openDatabase } from './open-database.ts'
import { postgresFailure } from './postgres-failure.ts'
import { sqliteFailure } from './sqlite-failure.ts'

const canary = 'canary-0815'

function pgError(code: string | undefined, message = canary): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code, detail: canary, where: canary })
}

describe('postgresFailure', () => {
  it.each([
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['55P03', 'locked'],
    ['57014', 'locked'],
    ['57P01', 'unavailable'],
    ['08006', 'unavailable'],
    ['28P01', 'unavailable'],
    ['3D000', 'unavailable'],
    ['53100', 'full'],
    ['53300', 'unavailable'],
    ['25006', 'read_only'],
    ['23502', 'constraint'],
    ['22P05', 'constraint'],
    ['XX001', 'damaged'],
    ['42P01', 'internal'],
    ['ECONNREFUSED', 'unavailable'],
    ['EPIPE', 'unavailable'],
  ])('knows %s as %s, and repeats nothing of what it said', (code, kind) => {
    const failure = postgresFailure(pgError(code))

    expect(failure).toMatchObject({ name: 'DatabaseError', kind, driverCode: code })
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(canary)
    expect(JSON.stringify(failure)).not.toContain(canary)
  })

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect', 'Query read timeout'])(
    'knows "%s" as a lost connection',
    message => {
      expect(postgresFailure(pgError(undefined, message))).toMatchObject({ kind: 'unavailable' })
    },
  )

  it('leaves what is not of the database as it is', () => {
    const failure = new TypeError('a mistake')

    expect(postgresFailure(failure)).toBe(failure)
    expect(postgresFailure('text')).toBe('text')
    expect(sqliteFailure(failure)).toBe(failure)
    expect(sqliteFailure(undefined)).toBeUndefined()
  })
})

describe('sqliteFailure', () => {
  it.each([
    [5, 'locked'],
    [517, 'locked'],
    [261, 'locked'],
    [13, 'full'],
    [14, 'unavailable'],
    [778, 'unavailable'],
    [11, 'damaged'],
    [26, 'damaged'],
    [1032, 'read_only'],
    [275, 'constraint'],
    [787, 'foreign_key'],
    [1555, 'unique'],
    [1, 'internal'],
  ])('knows %i as %s', (errcode, kind) => {
    const error = Object.assign(new Error(canary), { code: 'ERR_SQLITE_ERROR', errcode })

    const failure = sqliteFailure(error)

    expect(failure).toMatchObject({ name: 'DatabaseError', kind, driverCode: `SQLITE_${errcode}` })
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(canary)
  })
})

describe('openDatabase', () => {
  it.each(['postgres://nobody:canary-0815@[', 'postgresql://nobody:canary-0815@127.0.0.1:1/none'])(
    'does not tell the password of an address that does not work: %#',
    async location => {
      const failure = await openDatabase(location).catch((error: unknown) => error)

      expect(failure).toBeInstanceOf(Error)
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(canary)
    },
  )
})
