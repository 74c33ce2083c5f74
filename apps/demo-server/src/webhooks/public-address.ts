import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Ranges of IPv4 that are nobody's on the Internet, or everybody's (IANA's special-purpose registry, RFC 6890). */
const specialIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Among them the metadata services of clouds.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]

/** The same within 2000::/3, outside of which nothing of IPv6 is public. 6to4 and Teredo hold an IPv4 address. */
const specialIPv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const special = blockListOf(specialIPv4, 'ipv4')
const specialGlobal = blockListOf(specialIPv6, 'ipv6')
const global = blockListOf(['2000::/3'], 'ipv6')

/** Whether an IP address is one that anybody on the Internet can have: no loopback, private, link-local or reserved one. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4')
  // IPv4 addresses in the clothes of IPv6 are outside of 2000::/3, too.
  return isIPv6(address) && global.check(address, 'ipv6') && !specialGlobal.check(address, 'ipv6')
}

function blockListOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), family)
  }
  return list
}
