/** The token as the server knows it: by its digest, which a browser keeps as a cookie. */
import { createHash, timingSafeEqual } from 'node:crypto'

const PREFIX = 'atelier_'
/** Cookies of servers on this host that a browser keeps: more would outgrow the header. */
const MOST_COOKIES = 16

export class Secret {
  private readonly digest: Buffer
  /** Browsers keep cookies by host, not by port: servers with other tokens need other names. */
  private readonly name: string

  constructor(token: string) {
    this.digest = sha256(Buffer.from(token))
    this.name = `${PREFIX}${sha256(this.digest).toString('hex', 0, 6)}`
  }

  /** Whether bytes are the token, in a time that tells nothing. */
  is(token: Buffer): boolean {
    return timingSafeEqual(sha256(token), this.digest)
  }

  /** Whether a header Cookie has the token's. */
  isKeptIn(header: string): boolean {
    return cookiesIn(header).some(
      ([name, value = '']) =>
        name === this.name &&
        /^[\da-f]{64}$/.test(value) &&
        timingSafeEqual(Buffer.from(value, 'hex'), this.digest),
    )
  }

  /** The cookies to set beside those of a header: the token's own, and the end of the oldest where there are many. */
  cookies(header: string): readonly string[] {
    const others = cookiesIn(header).flatMap(([name = '']) =>
      name.startsWith(PREFIX) && name !== this.name ? [name] : [],
    )
    const surplus = others.slice(0, Math.max(0, others.length - MOST_COOKIES + 1))
    const attributes = 'Path=/; HttpOnly; SameSite=Lax'
    return [
      `${this.name}=${this.digest.toString('hex')}; ${attributes}`,
      ...surplus.map((name) => `${name}=; Max-Age=0; ${attributes}`),
    ]
  }
}

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** Names and values, in the order of the header: browsers send the oldest first. */
const cookiesIn = (header: string): string[][] => header.split(/;\s*/).map((pair) => pair.split('=', 2))
