import { SecretError } from '../contract/secret-error.ts'
import type { ProviderContext } from '../contract/secret-provider.ts'
import type { ChainPass } from './chain-pass.ts'
import type { ProviderLink } from './provider-link.ts'

/** More than anybody can look at, and less than what fills the memory. */
const mostKeys = 100_000

/** Names of all keys of a provider; none when it cannot list. */
export async function listedKeys(link: ProviderLink, pass: ChainPass): Promise<readonly string[]> {
  const { answers } = link
  if (answers.hasDocument) {
    const { answer } = (await answers.document(pass)).kept
    return [...(answer?.values.keys() ?? []), ...(answer?.unusable?.keys() ?? [])]
  }
  return (await answers.guard.read(async context => readKeys(link, context), pass.signal)).answer
}

async function readKeys({ provider, name }: ProviderLink, context: ProviderContext): Promise<readonly string[]> {
  const iterator = provider.listKeys?.(context)[Symbol.asyncIterator]()
  const end = (): void => void Promise.allSettled([iterator?.return?.()])
  context.signal.addEventListener('abort', end, { once: true })
  const names: string[] = []
  // A list that never waits would let no timer end it.
  for (let next = await iterator?.next(); next && !next.done; next = await iterator?.next()) {
    if (names.push(checkedKey(next.value)) > mostKeys) throw tooManyKeys(name)
  }
  return names
}

/** What was listed is not mentioned. Were it a promise that fails, nobody else would handle that. */
function checkedKey(name: unknown): string {
  if (typeof name === 'string') return name
  void Promise.allSettled([name])
  throw new TypeError('The provider listed something that is no key.')
}

function tooManyKeys(provider: string): SecretError {
  return new SecretError('malformed', `Provider "${provider}" lists more than ${mostKeys} keys.`, { provider })
}
