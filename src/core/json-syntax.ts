/** Where a text stops being JSON (RFC 8259), for readers who wrote it by hand. */
import { formatAlternatives } from './format.js'

/** What may come next. */
type Wanted = 'a value' | 'a key in double quotes' | 'a colon' | 'a comma' | ']' | '}' | 'the end of the text'

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y
const WORD = /(?:true|false|null)(?!\w)/y
/** Of a string's inside, escaped or not; more of a long one at once would be too much for the stack. */
const CHARACTERS = /(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})){1,256}/uy

/** "line 2, column 7: expected a comma or }, received x"; undefined of a text that is JSON. */
export function jsonFault(text: string): string | undefined {
  const scanner = new Scanner(text)
  const wanted = scanner.run()
  return (
    wanted &&
    `${placeOf(text, scanner.at)}: expected ${formatAlternatives(wanted)}, received ${scanner.found}`
  )
}

class Scanner {
  at = 0
  private readonly open: ('[' | '{')[] = []
  private wanted: readonly (Wanted | 'the rest of a string')[] = ['a value']

  constructor(private readonly text: string) {}

  /** What was wanted where the text fails. */
  run(): readonly string[] | undefined {
    while (true) {
      this.match(SPACE)
      const found = this.wanted.find((wanted) => this.take(wanted))
      if (found === 'the end of the text') return undefined
      if (found === undefined) return this.wanted
    }
  }

  get found(): string {
    const character = this.text.codePointAt(this.at)
    return character === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(character))
  }

  private take(wanted: Wanted | 'the rest of a string'): boolean {
    switch (wanted) {
      case 'a value':
        return this.takeValue()
      case 'a key in double quotes':
        return this.takeString() && this.want('a colon')
      case 'a colon':
        return this.takeOne(':') && this.want('a value')
      case 'a comma':
        return this.takeOne(',') && this.want(this.open.at(-1) === '{' ? 'a key in double quotes' : 'a value')
      case 'the end of the text':
        return this.at === this.text.length
      case 'the rest of a string':
        return false
      default:
        return this.takeOne(wanted) && this.close()
    }
  }

  private takeValue(): boolean {
    if (this.takeOne('{')) return this.enter('{', 'a key in double quotes', '}')
    if (this.takeOne('[')) return this.enter('[', 'a value', ']')
    return (this.takeString() || this.match(NUMBER) || this.match(WORD)) && this.wantNext()
  }

  private enter(bracket: '[' | '{', ...wanted: Wanted[]): boolean {
    this.open.push(bracket)
    return this.want(...wanted)
  }

  private close(): boolean {
    this.open.pop()
    return this.wantNext()
  }

  private wantNext(): boolean {
    const inner = this.open.at(-1)
    return inner === undefined
      ? this.want('the end of the text')
      : this.want('a comma', inner === '{' ? '}' : ']')
  }

  private want(...wanted: Wanted[]): boolean {
    this.wanted = wanted
    return true
  }

  /** Of a string that is none the place stays where it fails. */
  private takeString(): boolean {
    if (!this.takeOne('"')) return false
    while (this.match(CHARACTERS));
    if (this.takeOne('"')) return true
    this.wanted = ['the rest of a string']
    return false
  }

  private takeOne(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  private match(expression: RegExp): boolean {
    expression.lastIndex = this.at
    if (!expression.test(this.text)) return false
    this.at = expression.lastIndex
    return true
  }
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at)
  const lines = before.split('\n')
  return `line ${lines.length}, column ${(lines.at(-1) as string).length + 1}`
}
