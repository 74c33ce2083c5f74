import type { FileContent } from './file-content.ts'
import { TextFault } from './text-fault.ts'

/**
 * The secret that a file holds by itself: its text without one line break at its end.
 *
 * Editors and `echo` put one there that nobody means, and every reader of such files cuts it off: Spring Boot's config
 * trees and .NET's key-per-file cut one, the shell of container images (`$(< file)`) all of them, pydantic all white
 * space. Cutting one is what they agree on; whoever wants a line break at the end writes two.
 *
 * @throws TextFault when it holds null characters: UTF-16, or no text at all.
 */
export function fileValue({ text }: FileContent): string {
  if (text.includes('\0')) throw new TextFault('binary', 'text')
  return text.replace(/\r?\n$/, '')
}
