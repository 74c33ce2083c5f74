import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto'

const HEAD_BYTES = 25
const MAC_BYTES = 32

/** What Node has for a Fernet token, as key objects. */
class FernetPrimitives {
  #signing = createSecretKey(randomBytes(16))
  #encryption = createSecretKey(randomBytes(16))
  head = randomBytes(HEAD_BYTES)
  #iv = this.head.subarray(9)

  cipher() {
    return createCipheriv('aes-128-cbc', this.#encryption, this.#iv)
  }

  /** @param {Buffer} token */
  decipherOf(token) {
    return createDecipheriv('aes-128-cbc', this.#encryption, token.subarray(9, HEAD_BYTES))
  }

  hmac() {
    return createHmac('sha256', this.#signing)
  }
}

/**
 * The least that Node can do for a Fernet token: the same cipher and the same HMAC over the same bytes, with key objects.
 * No base64, no random bytes, nothing put together, nothing compared, no text made of the result.
 */
export class Floor extends FernetPrimitives {
  /** @param {string} text */
  encrypt(text) {
    const cipher = this.cipher()
    const started = cipher.update(text, 'utf8')
    const ended = cipher.final()
    return this.hmac().update(this.head).update(started).update(ended).digest()
  }

  /** @param {Buffer} token - What {@link Floor.tokenOf} gives. */
  decrypt(token) {
    const signed = token.subarray(0, -MAC_BYTES)
    this.hmac().update(signed).digest()
    const decipher = this.decipherOf(token)
    const started = decipher.update(signed.subarray(HEAD_BYTES))
    decipher.final()
    return started
  }

  /** @param {string} text */
  tokenOf(text) {
    const cipher = this.cipher()
    return Buffer.concat([this.head, cipher.update(text, 'utf8'), cipher.final(), Buffer.alloc(MAC_BYTES)])
  }
}

/** {@link Floor} with whole tokens and whole plaintexts, one copy of each: what a plain program would write. */
export class JoinedFloor extends FernetPrimitives {
  /** @param {string} text */
  encrypt(text) {
    const cipher = this.cipher()
    const signed = Buffer.concat([this.head, cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([signed, this.hmac().update(signed).digest()])
  }

  /** @param {Buffer} token */
  decrypt(token) {
    const signed = token.subarray(0, -MAC_BYTES)
    this.hmac().update(signed).digest()
    const decipher = this.decipherOf(token)
    return Buffer.concat([decipher.update(signed.subarray(HEAD_BYTES)), decipher.final()])
  }
}
