import type { RandomText } from './random-text.ts'

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const WORD = LOWER + LOWER.toUpperCase() + DIGITS
const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).join('')

/** Values of the shapes that secrets have, each named. */
export function randomValues(random: RandomText): Readonly<Record<string, string>> {
  const word = (length: number): string => random.text(WORD, length)
  return {
    'eight letters': random.text(LOWER, 8),
    digits: random.text(DIGITS, 12),
    token: `hf_${word(34)}`,
    'key of an API': `sk-proj-${word(20)}_${word(27)}`,
    uuid: [8, 4, 4, 4, 12].map(length => random.text(`${DIGITS}abcdef`, length)).join('-'),
    hex: random.text(`${DIGITS}abcdef`, 64),
    base64: `${random.text(`${WORD}+/`, 43)}=`,
    'key of AWS': random.text(`${WORD}+/`, 40),
    password: random.text(PRINTABLE, 16),
    'password that begins and ends with signs': `\\${random.text(PRINTABLE, 14)}"`,
    'every sign': `${word(4)}${PRINTABLE.replaceAll(/\w/g, '')}${word(4)}`,
    passphrase: Array.from({ length: 4 }, () => random.text(LOWER, 5)).join(' '),
    'password in French': `é${random.text(`${LOWER}éàçœ`, 12)}ü`,
    'password in Chinese': random.text('密码安全测试私钥令牌', 9),
    'password with emoji': `${word(6)}🔑${word(6)}🗝️`,
    'half a character': `${word(8)}\uD83D${word(4)}`,
    url: `postgres://user:${word(12)}@db.example.org:5432/main?sslmode=require`,
    path: `C:\\new\\tmp\\${word(12)}`,
    json: JSON.stringify({ account: 'service', key: word(20), quote: '"' }),
    pem: `-----BEGIN PRIVATE KEY-----\n${[64, 64, 20].map(length => random.text(`${WORD}+/`, length)).join('\n')}\n-----END PRIVATE KEY-----\n`,
    'control characters': `${word(6)}\u0000\u001F\t${word(6)}`,
    'white space around': ` ${word(12)}\n`,
  }
}
