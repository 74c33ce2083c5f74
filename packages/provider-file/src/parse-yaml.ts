import type { Document, Parser } from 'yaml'
import { TextFault } from './text-fault.ts'
import { yaml } from './yaml-library.ts'

/** Where `js-yaml` ends too. Values of secrets are flat; the parser takes quadratic time to go deeper, and recurses. */
const maxDepth = 100

/**
 * The document that a text holds, with the errors that the parser met, in time that grows with the text alone.
 *
 * @throws TextFault when it is nested too deeply.
 */
export function parseYaml(text: string): Document.Parsed {
  const { Composer, YAMLParseError } = yaml()
  return withoutStackTraces(() => {
    // A lone carriage return is a line break (YAML 1.2 §5.4), which the parser does not know.
    const source = text.replaceAll(/\r(?!\n)/g, '\n')
    const composer = new Composer({
      // Scalars stay text, tags stay names.
      schema: 'failsafe',
      resolveKnownTags: false,
      keepSourceTokens: true,
      // The parser's own messages quote the text, and its search for duplicates takes quadratic time.
      prettyErrors: false,
      uniqueKeys: false,
    })
    const [document, second] = composer.compose(tokens(source), true, source.length)
    // `compose` gives at least one document when it is told to, as it is by `true`.
    const first = document as Document.Parsed
    if (second) first.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', ''))
    return first
  })
}

/** What `Parser.parse` yields, until it nests too deeply. */
function* tokens(source: string): ReturnType<Parser['parse']> {
  const { Lexer, Parser } = yaml()
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(source)) {
    yield* parser.next(lexeme)
    if (parser.stack.length > maxDepth) throw new TextFault('too_deep', 'YAML')
  }
  yield* parser.end()
}

/** The parser makes an error for each fault that it meets: half a million in a megabyte of quotes, in seconds. */
function withoutStackTraces<T>(run: () => T): T {
  const { stackTraceLimit } = Error
  // Not by assignment, which throws under `--frozen-intrinsics`.
  Reflect.set(Error, 'stackTraceLimit', 0)
  try {
    return run()
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
  }
}
