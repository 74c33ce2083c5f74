import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'

/**
 * The address of a server that a token may be sent to. Ends in a slash.
 *
 * @param given - What `--server` says.
 * @param env - Holds `ST_SERVER`, which counts where that says nothing.
 * @throws {@link CliError} for none, for what is no address, and for one on whose way others can read.
 */
export function serverAddress(given: string | undefined, env: Readonly<Record<string, string | undefined>>): URL {
  const address = given ?? env['ST_SERVER']
  if (!address) throw refused('No server is named.', 'Name it with --server URL or ST_SERVER: http://127.0.0.1:8787.')
  const source = given === undefined ? 'ST_SERVER' : '--server'
  const url = checked(parsed(address, source), source)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function checked(url: URL, source: string): URL {
  if (url.username !== '' || url.password !== '') {
    throw refused(`${source} must not hold a name or password.`, 'The token belongs into ST_TOKEN or --token-file.')
  }
  if (url.search !== '' || url.hash !== '') throw refused(`${source} must end with a host, a port or a path.`)
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw refused(
      `${source} names another machine without TLS: everybody on the way could read the token.`,
      'Use https://, or http:// to 127.0.0.1 through a tunnel: ssh -L 8787:127.0.0.1:8787 HOST',
    )
  }
  return url
}

/** What cannot be read is not repeated: it may be a token in the wrong place. */
function parsed(address: string, source: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw refused(`${source} is no address of a server.`, 'It looks like https://example.org or http://127.0.0.1:8787.')
}

/** The names are those of a URL that was parsed, which writes every form of an address in the same way. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function refused(message: string, hint?: string): CliError {
  return new CliError(exitCodes.usage, message, hint)
}
