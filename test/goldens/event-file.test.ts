import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { encodeRecord, type TrainingEvent } from '../../src/train/event-file.js'

interface Golden {
  readonly events: readonly { readonly event: TrainingEvent; readonly record: string }[]
}

const golden: Golden = JSON.parse(readFileSync(new URL('event-file.json', import.meta.url), 'utf8'))

test.each(golden.events)(
  'a record of $event.kind at step $event.step is byte for byte that of protobuf',
  (entry) => {
    expect(encodeRecord(entry.event).toString('hex')).toBe(entry.record)
  },
)
