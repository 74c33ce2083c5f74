/** One case of the contract, for any test runner. */
export interface ConformanceCase {
  /** What holds when the case passes; unique within one suite. */
  readonly title: string
  /** Resolves when the provider keeps this part of the contract; rejects with an assertion error that says what it did. */
  readonly run: () => Promise<void>
}
