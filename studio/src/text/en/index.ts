import { data } from './data.js'
import { errors } from './errors.js'
import { inside } from './inside.js'
import { models } from './models.js'
import { shell } from './shell.js'
import { train } from './train.js'
import { tryTexts } from './try.js'

export const english = { shell, try: tryTexts, models, train, data, inside, errors }
