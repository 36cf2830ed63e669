/** Records of runs without what is of one machine's disk alone. */
import type { RunRecord } from '../runs/formats/record.js'

/** Stands for the folder of the data set, whose checksums say what it is. */
const DATA = 'Fashion-MNIST'

/** The record of a run on the official data, with no path of its machine left in it. */
export function neutralRecord(record: RunRecord): RunRecord {
  const { data, command, settings, recipe } = record
  const { teacher } = recipe
  return {
    ...record,
    data: { ...data, directory: DATA },
    command: neutralCommand(command),
    settings: settings.map(withoutFolders),
    recipe: { ...recipe, teacher: teacher && { ...teacher, model: withoutFolders(teacher.model) } },
  }
}

/** Of a path the last name, also where it is the value of a key. */
const withoutFolders = (word: string): string => word.replace(/[^=]*[\\/](?=[^\\/]*$)/, '')

/** Flags that say where things lie, not what is done. */
const places = ['--out', '--data', '--resume']

/** A command without folders; of files, such as a recipe's, the name is left. */
export function neutralCommand(command: string): string {
  const words = command.split(' ')
  const kept = words.filter((word, i) => {
    const isValue = places.includes(words[i - 1] ?? '')
    return !(isValue || places.includes(word.split('=')[0] as string))
  })
  return kept.map(withoutFolders).join(' ')
}
