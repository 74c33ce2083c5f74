import type { ProviderDocument, ProviderProvenance, ProviderSecret } from '../contract/provider-answer.ts'

/** Answers for several keys. */
export type SecretsByKey = ReadonlyMap<string, ProviderSecret | Error | undefined>

/** The secret that a provider answered; an empty one counts as none (requirement R2). Throws for anything else. */
export function checkedSecret(answer: unknown): ProviderSecret | undefined {
  if (answer === undefined || answer === '') return undefined
  if (typeof answer === 'string') return { value: answer }
  if (!isObject(answer)) return refuse(answer)
  const { value, version, ttl, locator }: Unchecked<ProviderSecret> = answer
  if (typeof value !== 'string' || !isProvenance({ version, ttl, locator })) return refuse(answer)
  // A copy of what was checked; a getter may say something else next time.
  return value === '' ? undefined : ({ value, version, ttl, locator } as ProviderSecret)
}

/** The secrets by key that a provider answered; a wrong one becomes an error of its key. Throws for anything else. */
export function checkedSecrets(answer: unknown): SecretsByKey {
  if (!(answer instanceof Map)) return refuse(answer)
  return new Map([...answer].map(([key, found]) => [key, secretOrError(found)]))
}

/** The document that a provider answered. Throws for anything else. */
export function checkedDocument(answer: unknown): ProviderDocument | undefined {
  return answer === undefined || isDocument(answer) ? answer : refuse(answer)
}

/** The members as they have to be checked. */
type Unchecked<T> = { readonly [K in keyof T]?: unknown }

function secretOrError(found: unknown): ProviderSecret | Error | undefined {
  if (found instanceof Error) return found
  try {
    return checkedSecret(typeof found === 'string' ? refuse(found) : found)
  } catch (error) {
    // It was made just below.
    return error as Error
  }
}

function isDocument(answer: unknown): answer is ProviderDocument {
  if (!isObject(answer)) return false
  const { values, unusable = new Map(), detail = '', version, ttl, locator }: Unchecked<ProviderDocument> = answer
  const isWhole = isTextByText(values) && isTextByText(unusable) && typeof detail === 'string'
  return isWhole && isProvenance({ version, ttl, locator })
}

/** What is shown and counted with must be what it says. */
function isProvenance({ version = '', locator = '', ttl = 0 }: Unchecked<ProviderProvenance>): boolean {
  return typeof version === 'string' && typeof locator === 'string' && typeof ttl === 'number' && ttl >= 0
}

function isTextByText(map: unknown): boolean {
  return map instanceof Map && [...map].flat().every(text => typeof text === 'string')
}

function isObject(answer: unknown): answer is object {
  return typeof answer === 'object' && answer !== null
}

/** What was answered is not mentioned. Were it a promise that fails, nobody else would handle that. */
function refuse(answer: unknown): never {
  void Promise.allSettled([answer])
  throw new TypeError('The provider answered something that it must not.')
}
