import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** What is published on a channel from here on. */
export class Listening implements Disposable {
  readonly messages: unknown[] = []
  readonly #channel: string
  readonly #note = (message: unknown): void => {
    this.messages.push(message)
  }

  constructor(channel: string) {
    this.#channel = channel
    subscribe(channel, this.#note)
  }

  [Symbol.dispose](): void {
    unsubscribe(this.#channel, this.#note)
  }
}

/** Listens until it is disposed of. */
export function listenTo(channel: string): Listening {
  return new Listening(channel)
}
