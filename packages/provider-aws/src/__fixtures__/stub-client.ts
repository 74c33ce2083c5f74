import type { SecretsManagerClientLike } from '../aws-client.ts'

/** A client that answers this or fails with it, and the commands that it was sent. */
export function clientAnswering(answer: unknown): SecretsManagerClientLike & { readonly sent: unknown[] } {
  const sent: unknown[] = []
  return {
    sent,
    send: async (command: unknown) => {
      sent.push(command)
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

/** What the SDK throws for an exception of the service. */
export function exception(name: string, members: object = {}): Error {
  return Object.assign(new Error(`message with canary-${name}`), { name, ...members })
}
