/** What one kind of hardware costs; names are those of the API. */
export interface Price {
  readonly name: string
  readonly cost_per_second: number
}

/** What hardware costs, by its identifier. */
export type Prices = Readonly<Record<string, Price>>
