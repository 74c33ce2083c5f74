import type { SecretProvider } from '@st/secrets-core/provider'

/** Makes a provider over a new source that holds, or held before it broke, exactly these secrets. */
export type ProviderSource = (secrets: Readonly<Record<string, string>>) => SecretProvider | Promise<SecretProvider>

/** Makes a provider over a new source whose secrets have been replaced once. */
export type RotatedSource = (
  previous: Readonly<Record<string, string>>,
  current: Readonly<Record<string, string>>,
) => SecretProvider | Promise<SecretProvider>

/** Faults that a source can be made to show. */
export type ProviderFault =
  /** Accepts the request and never answers. Expected: settles when the signal aborts, as `timeout` or `unavailable`. */
  | 'hang'
  /** Ends the connection in the middle. Expected: `unavailable`. */
  | 'reset'
  /** Asks to slow down. Expected: `throttled`. */
  | 'throttle'
  /** Knows the credential and refuses the read. Expected: `forbidden`. */
  | 'forbidden'
  /** Refuses the credential. Expected: `unauthenticated`. */
  | 'unauthenticated'
  /** Answers with something that cannot be read; put the secrets into it. Expected: `malformed`. */
  | 'malformed'
  /** Sends the client to another origin. Expected: `insecure`. */
  | 'redirect_cross_origin'
  /** Answers a byte at a time for longer than anybody waits. Expected: as `hang`. */
  | 'slow_drip'
  /** Answers with more than can be a secret. Expected: `malformed`. */
  | 'huge_body'

/** For each fault that the source can show, how to make a provider whose source shows it. */
export type ProviderFaults = { readonly [Fault in ProviderFault]?: ProviderSource | undefined }

/** What the suite needs to know of a provider. Every call makes a new source. */
export interface ConformanceHarness {
  /**
   * A provider over a source that holds exactly these secrets.
   *
   * The record has keys such as `__proto__` as own properties: copy it with a spread or `Object.entries`, never by
   * assignment.
   */
  readonly holding: ProviderSource
  /**
   * A provider over a source that held the first of these until its newest rotation, and holds the second since. Needed
   * only to see what a provider that has versions answers for the stage `previous`.
   */
  readonly rotated?: RotatedSource | undefined
  /** A provider whose source cannot be reached at present. Expected: `unavailable`, `timeout` or `throttled`. */
  readonly unavailable?: ProviderSource | undefined
  /** Providers whose sources are broken in one particular way; leave out what the source cannot show. */
  readonly faulty?: ProviderFaults | undefined
  /** The provider's own tokens and passwords: the suite checks that no error, no finding and nothing printed shows them. */
  readonly credentials?: readonly string[] | undefined
  /** Seconds that the suite waits for a broken source's provider to settle. Default: 5. */
  readonly patience?: number | undefined
}
