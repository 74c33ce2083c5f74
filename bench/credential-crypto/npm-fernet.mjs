import { randomBytes } from 'node:crypto'
import fernet from 'fernet'

/** npm `fernet` as its users have it: one secret, a token object for each call, no limit of age. */
export function npmFernet() {
  const secret = new fernet.Secret(randomBytes(32).toString('base64url') + '=')
  return {
    encrypt: text => new fernet.Token({ secret }).encode(text),
    decrypt: token => new fernet.Token({ secret, token, ttl: 0 }).decode(),
  }
}
