import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Addresses from which webhooks are accepted (R136). */
export class IpAllowList {
  /** Apart, as Node counts every IPv4 address as one of `::/0`. */
  readonly #allowed: Readonly<Record<Family, BlockList>> = { ipv4: new BlockList(), ipv6: new BlockList() }
  /** Entries that are no address and no range, which let nobody in. */
  readonly ignored: readonly string[]

  /** @param entries - Addresses, or ranges such as `10.0.0.0/8`, whose host bits may be set. */
  constructor(entries: readonly string[]) {
    this.ignored = entries.filter(entry => !this.#add(entry))
  }

  /** Whether an address is in the list. `::ffff:10.0.0.1` is `10.0.0.1`; the zone of `fe80::1%eth0` does not count. */
  allows(address: string): boolean {
    const [bare = ''] = address.split('%')
    const parsed = parseAddress(bare)
    return parsed !== undefined && this.#allowed[parsed.family].check(parsed.address, parsed.family)
  }

  #add(entry: string): boolean {
    const [text = '', prefix, ...more] = entry.split('/')
    const parsed = parseAddress(text)
    if (parsed === undefined || more.length > 0) return false
    const { address, family, mappedBits } = parsed
    const longest = family === 'ipv4' ? 32 : 128
    const bits = prefix === undefined ? longest : prefixBits(prefix) - mappedBits
    if (!(bits >= 0 && bits <= longest)) return false
    this.#allowed[family].addSubnet(address, bits, family)
    return true
  }
}

type Family = 'ipv4' | 'ipv6'

interface ParsedAddress {
  readonly address: string
  readonly family: Family
  /** Bits that an IPv4 address has before it when it is written as one of IPv6 (RFC 4291 §2.5.5.2). */
  readonly mappedBits: 0 | 96
}

function parseAddress(text: string): ParsedAddress | undefined {
  if (isIPv4(text)) return { address: text, family: 'ipv4', mappedBits: 0 }
  // A zone means something on one machine only.
  if (!isIPv6(text) || text.includes('%')) return undefined
  // The shortest form, with the last 32 bits as two groups.
  const { hostname } = new URL(`http://[${text}]`)
  const groups = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(hostname)?.slice(1)
  if (groups === undefined) return { address: text, family: 'ipv6', mappedBits: 0 }
  const bytes = groups.map(group => Number.parseInt(group, 16)).flatMap(group => [group >> 8, group & 255])
  return { address: bytes.join('.'), family: 'ipv4', mappedBits: 96 }
}

function prefixBits(prefix: string): number {
  return /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
}
