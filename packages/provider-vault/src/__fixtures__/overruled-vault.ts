import { type Answer, FakeVault, type ReceivedRequest } from '@st/test-servers'

/** A Vault that answers some requests otherwise, without doing what they ask for. */
export class OverruledVault extends FakeVault {
  readonly #rules: ((request: ReceivedRequest) => Answer | undefined)[] = []

  /** Answers requests for which the function has an answer. */
  overrule(rule: (request: ReceivedRequest) => Answer | undefined): void {
    this.#rules.push(rule)
  }

  protected override answer(request: ReceivedRequest): Answer {
    const answers = this.#rules.map(rule => rule(request))
    return answers.find(answer => answer !== undefined) ?? super.answer(request)
  }
}

/** Starts it. */
export async function startOverruledVault(): Promise<OverruledVault> {
  const vault = new OverruledVault()
  await vault.listen()
  return vault
}
