/** The file is there and is not what it should be, whatever it holds. */
export class FileFault extends Error {
  readonly detail: 'not_a_file' | 'too_large'

  readonly hint: string

  /**
   * @param detail - What is wrong.
   * @param maxBytes - How large the file may be.
   */
  constructor(detail: 'not_a_file' | 'too_large', maxBytes: number) {
    super(detail === 'too_large' ? `is larger than ${maxBytes} bytes` : 'is not a regular file')
    this.name = 'FileFault'
    this.detail = detail
    this.hint = detail === 'too_large' ? 'Raise maxBytes, or keep less in the file.' : 'Set filePath to a regular file.'
  }
}
