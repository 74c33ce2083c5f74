import { describe, expect, it } from 'vitest'
import { SecretError } from '../contract/secret-error.ts'
import { isAuthError } from './auth-error.ts'

/** An error as client libraries make them. */
function failure(members: object, message = 'failed'): Error {
  return Object.assign(new Error(message), members)
}

/** An error whose innermost cause lies so many levels below it. */
function nested(levels: number): Error {
  return levels === 0 ? failure({ status: 401 }) : new Error('outer', { cause: nested(levels - 1) })
}

describe('isAuthError', () => {
  it.each<[string, unknown]>([
    ['fetch wrappers, with status 401', failure({ status: 401 })],
    ['got and undici, with statusCode 401', failure({ statusCode: 401 })],
    ['axios, with response.status 401', failure({ response: { status: 401 } })],
    ['request libraries, with response.statusCode 401', failure({ response: { statusCode: 401 } })],
    ['gRPC gateways, with code 401', failure({ code: 401 })],
    ['pg, with code 28P01', failure({ code: '28P01' })],
    ['mysql2, with its name', failure({ code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 })],
    ['mysql2, with errno 1045 alone', failure({ errno: 1045 })],
    ['Redis, with the message', failure({}, 'WRONGPASS invalid username-password pair or user is disabled.')],
    ['Redis, with the code', failure({ code: 'WRONGPASS' })],
    ['anything wrapped once', new Error('outer', { cause: failure({ code: '28P01' }) })],
    ['anything wrapped four times', nested(4)],
    ['what is no Error', { status: 401 }],
  ])('knows a refusal of %s', (_, error) => {
    expect(isAuthError(error)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['status 403, which need not mean an old credential', failure({ status: 403 })],
    ['status 404', failure({ status: 404 })],
    ['status 500', failure({ response: { status: 500 } })],
    ['a status that is text', failure({ status: '401' })],
    ['another code of PostgreSQL', failure({ code: '28000' })],
    ['another number of MySQL', failure({ errno: 1044 })],
    ['a message that mentions it', failure({}, 'not WRONGPASS at all')],
    ['an error like any other', new Error('401')],
    ['a failure of the provider', new SecretError('unauthenticated', 'token refused')],
    ['undefined', undefined],
    ['null', null],
    ['a number', 401],
    ['a string', 'WRONGPASS'],
    ['a response that is null', failure({ response: null })],
  ])('does not take for one %s', (_, error) => {
    expect(isAuthError(error)).toBe(false)
  })

  it('ends where errors are causes of each other, and does not look for ever', () => {
    const first = new Error('first')
    const second = new Error('second', { cause: first })
    first.cause = second

    expect([isAuthError(first), isAuthError(nested(50))]).toEqual([false, false])
  })
})
