import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.ts'

/** A webhook URL that was given, or why it cannot be used. */
export type WebhookUrlVerdict = { readonly url: string | undefined } | { readonly problem: string }

/**
 * The URL as it is to be stored, without white space at its ends; `undefined` for none. Where its name leads is looked at
 * when it is used, as that can change.
 *
 * @param allowsPrivate - Whether addresses of this machine and of its networks can be used.
 */
export function checkWebhookUrl(given: string | null, allowsPrivate: boolean): WebhookUrlVerdict {
  const text = given?.trim() ?? ''
  if (text === '') return { url: undefined }
  const problem = urlProblem(text) ?? (allowsPrivate ? undefined : hostProblem(new URL(text).hostname))
  return problem === undefined ? { url: text } : { problem: `Invalid webhook URL: ${problem}` }
}

function urlProblem(text: string): string | undefined {
  // SimpleTuner's words (fixture `webhookUrl`).
  const [, scheme, rest] = /^([a-z][a-z\d+.-]*):\/\/([^/?#].*)$/is.exec(text) ?? []
  if (scheme === undefined || rest === undefined) return 'Invalid URL format'
  if (!/^https?$/i.test(scheme)) return 'URL must use http or https scheme'
  if (URL.canParse(text)) return undefined
  return rest.startsWith('[') ? 'Invalid IPv6 URL' : 'Invalid URL format'
}

/** What `URL` has made of it: `0x7f.1`, `127.1` and `2130706433` are 127.0.0.1 by now. */
function hostProblem(hostname: string): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const isLocalName = /(^|\.)(localhost|local|internal)$/i.test(host)
  const isPrivate = isIP(host) > 0 && !isPublicAddress(host)
  return isLocalName || isPrivate ? 'the address is not public' : undefined
}
