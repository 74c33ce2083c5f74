import ts from 'typescript'
import type { ApiCall } from './api-calls.ts'

/** Where two types of a message are compared. */
interface Comparison {
  readonly checker: ts.TypeChecker
  readonly name: string
  /** Of the one that writes the message. */
  readonly written: ts.Type
  /** Of the one that reads it. */
  readonly read: ts.Type
  /** The page, which names no more than there is; the server takes no member that it does not know. */
  readonly page: 'reads' | 'writes'
}

/** How a call and the types of the API's description differ, in words; nothing when they agree. */
export function callFaults(checker: ts.TypeChecker, paths: ts.Type, call: ApiCall): readonly string[] {
  const operation = operationOf(checker, paths, call)
  const faults =
    operation === undefined
      ? ['is not in the API']
      : [
          ...queryFaults(checker, operation, call.query),
          ...bodyFaults(checker, operation, call.sent),
          ...answerFaults(checker, operation, call),
        ]
  return faults.map(fault => `${call.where}: ${call.method} ${call.path}: ${fault}`)
}

/** The parts of a path that are written out go before those that may be anything, as in the server. */
function operationOf(checker: ts.TypeChecker, paths: ts.Type, { path, method }: ApiCall): ts.Type | undefined {
  const wanted = `/api/${path}`.split('/')
  const [found] = paths
    .getProperties()
    .map(({ name }) => name)
    .filter(name => isLike(name.split('/'), wanted))
    .toSorted((a, b) => a.split('{').length - b.split('{').length)
  const operations = found === undefined ? undefined : memberOf(checker, paths, found)
  return operations && memberOf(checker, operations, method)
}

function isLike(described: readonly string[], wanted: readonly string[]): boolean {
  return (
    described.length === wanted.length &&
    described.every((part, index) => (part.startsWith('{') ? wanted[index] !== '' : part === wanted[index]))
  )
}

function queryFaults(checker: ts.TypeChecker, operation: ts.Type, names: readonly string[]): readonly string[] {
  const query = memberOf(checker, operation, 'parameters', 'query')
  return names.filter(name => query?.getProperty(name) === undefined).map(name => `there is no parameter "${name}"`)
}

function bodyFaults(checker: ts.TypeChecker, operation: ts.Type, sent: ts.Type | undefined): readonly string[] {
  const body = memberOf(checker, operation, 'requestBody', 'content', 'application/json')
  const request = operation.getProperty('requestBody')
  if (sent === undefined) {
    const isNeeded = body !== undefined && request !== undefined && !isOptional(request)
    return isNeeded ? ['a body is missing'] : []
  }
  if (body === undefined) return ['a body is not taken']
  return differences({ checker, name: 'body', written: sent, read: body, page: 'writes' })
}

function answerFaults(checker: ts.TypeChecker, operation: ts.Type, { read, member }: ApiCall): readonly string[] {
  if (read === undefined) return []
  const told = [200, 201, 202]
    .map(status => memberOf(checker, operation, 'responses', String(status), 'content', 'application/json'))
    .find(content => content !== undefined)
  if (told === undefined) return ['nothing is told']
  if (member === undefined) return differences({ checker, name: 'answer', written: told, read, page: 'reads' })
  const list = memberOf(checker, told, member)
  const item = list && checker.getIndexTypeOfType(list, ts.IndexKind.Number)
  if (item === undefined) return [`answer.${member} is no list`]
  const unpaged = memberOf(checker, told, 'nextCursor') ? [] : ['answer.nextCursor is not told']
  return [...unpaged, ...differences({ checker, name: `answer.${member}[]`, written: item, read, page: 'reads' })]
}

/** Each of what may be written is compared with that one of what is read which it may be. */
function differences(comparison: Comparison): readonly string[] {
  const { checker, name, written, read } = comparison
  if (written.isUnion() && written.types.some(type => isObject(checker, type))) {
    return [...new Set(written.types.flatMap(type => differences({ ...comparison, written: type })))]
  }
  const same = partsOf(read).find(type => isObject(checker, type) && isObject(checker, written))
  if (same !== undefined) return memberDifferences({ ...comparison, read: same })
  const [writtenItem, readItem] = [written, checker.getNonNullableType(read)].map(type =>
    checker.getIndexTypeOfType(type, ts.IndexKind.Number),
  )
  if (checker.isArrayLikeType(written) && writtenItem && readItem) {
    return differences({ ...comparison, name: `${name}[]`, written: writtenItem, read: readItem })
  }
  const isAbsent = (written.flags & ts.TypeFlags.Undefined) !== 0
  if (isAbsent || checker.isTypeAssignableTo(written, read) || isChosenText(comparison, written, read)) return []
  return [`${name} is ${checker.typeToString(written)} where ${checker.typeToString(read)} is read`]
}

function memberDifferences(comparison: Comparison): readonly string[] {
  const { checker, written, read, page } = comparison
  const stated = (page === 'writes' ? written : read).getProperties()
  const needed = page === 'writes' ? read.getProperties().filter(member => !isOptional(member)) : []
  const names = new Set([...stated, ...needed].map(member => member.name))
  const [writtenOther, readOther] = [written, read].map(type => checker.getIndexTypeOfType(type, ts.IndexKind.String))
  const others =
    writtenOther && readOther
      ? differences({ ...comparison, name: `${comparison.name}.*`, written: writtenOther, read: readOther })
      : []
  return others.concat([...names].flatMap(member => memberDifference(comparison, member)))
}

function memberDifference(comparison: Comparison, member: string): readonly string[] {
  const { checker } = comparison
  const name = `${comparison.name}.${member}`
  const [from, to] = [comparison.written.getProperty(member), comparison.read.getProperty(member)]
  const [written, read] = [comparison.written, comparison.read].map(type => typeOfAny(checker, type, member))
  if (written === undefined) return [`${name} is not written`]
  if (read === undefined) return [`${name} is not read`]
  if (from && to && isOptional(from) && !isOptional(to)) return [`${name} may be absent`]
  return differences({ ...comparison, name, written, read })
}

/** Of a member that is named, or of any. */
function typeOfAny(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type | undefined {
  const member = type.getProperty(name)
  return member ? checker.getTypeOfSymbol(member) : checker.getIndexTypeOfType(type, ts.IndexKind.String)
}

/** What is chosen in a form comes as text; which texts there are to choose from is not seen by types. */
function isChosenText({ checker, page }: Comparison, written: ts.Type, read: ts.Type): boolean {
  const isText = (written.flags & ts.TypeFlags.String) !== 0
  return page === 'writes' && isText && checker.isTypeAssignableTo(checker.getNonNullableType(read), written)
}

function partsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type]
}

function isObject(checker: ts.TypeChecker, type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && !checker.isArrayLikeType(type)
}

function isOptional(symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Optional) !== 0
}

/** The type of a member of a member …; `undefined` where one of them is not there, or is `never`. */
function memberOf(checker: ts.TypeChecker, type: ts.Type, ...names: readonly string[]): ts.Type | undefined {
  return names.reduce<ts.Type | undefined>((owner, name) => {
    const symbol = owner?.getProperty(name)
    const found = symbol && checker.getNonNullableType(checker.getTypeOfSymbol(symbol))
    return found === undefined || found.flags & ts.TypeFlags.Never ? undefined : found
  }, type)
}
