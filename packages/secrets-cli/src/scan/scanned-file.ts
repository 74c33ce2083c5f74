/** Something to look for secrets in. */
export interface ScannedFile {
  /** As it is shown. */
  readonly path: string
  /** Opens it; called once. */
  open(): AsyncIterable<Uint8Array>
}
