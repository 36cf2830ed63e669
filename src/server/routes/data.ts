/** `/api/data`: the images of the data set. */
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { classStatistics } from '../../audit/statistics.js'
import { mismatch } from '../../core/errors.js'
import { parseJson } from '../../core/json.js'
import { Memo } from '../../core/memo.js'
import { parseBy } from '../../core/schema.js'
import { atelierCommand } from '../../core/shell.js'
import { type Dataset, identityOf } from '../../data/dataset.js'
import { packSheet } from '../../page/sprite.js'
import { gatherImages } from '../../train/subsets.js'
import { HttpError } from '../http/errors.js'
import { answersKnown } from '../http/known.js'
import { readOwnText } from '../models/own-files.js'
import { errorSchema, type Split, splitSchema } from '../schemas/common.js'
import {
  auditSchema,
  dataSchema,
  imageListSchema,
  imageParams,
  imageSchema,
  imagesQuery,
  meansSchema,
  sheetQuery,
  splitParams,
  suspiciousSchema,
} from '../schemas/data.js'
import type { Routes } from './routes.js'

const tags = ['Data']
const errors = { 400: errorSchema, 404: errorSchema }
/** What images and their classes' names depend on. */
const originOf = ({ checksums, classes }: Dataset): string => JSON.stringify([identityOf(checksums), classes])

export const dataRoutes: Routes = (app, { catalog, data }) => {
  app.get(
    '/api/data',
    { schema: { tags, summary: 'Classes and numbers of images', response: { 200: dataSchema } } },
    async () => {
      const dataset = await data.get()
      const { height, width, classes, official } = dataset
      const count = (split: Split) => ({
        count: dataset[split].count,
        byClass: classes.map((_, label) => indicesOf(dataset, split, label).length),
      })
      return {
        height,
        width,
        classes: [...classes],
        official,
        auditCommand: auditCommand(data.folder, catalog.places.runs),
        splits: { train: count('train'), test: count('test') },
      }
    },
  )

  app.get(
    '/api/data/:split/images',
    {
      schema: {
        tags,
        summary: 'Images of a split, all or those of a class: indices and labels',
        params: splitParams,
        querystring: imagesQuery,
        response: { 200: imageListSchema, ...errors },
      },
    },
    async ({ params: { split }, query: { class: label, offset, limit } }) => {
      const dataset = await data.get()
      const indices = indicesOf(dataset, split, label)
      const images = Array.from(indices.subarray(offset, offset + limit), (index) => ({
        index,
        label: dataset[split].labels[index] as number,
      }))
      return { total: indices.length, images }
    },
  )

  app.get(
    '/api/data/:split/images/:index',
    {
      schema: {
        tags,
        summary: 'An image: its label and its pixels',
        params: imageParams,
        response: { 200: imageSchema, ...errors },
      },
    },
    async (request, reply) => {
      const { split, index } = request.params
      const dataset = await data.get()
      if (answersKnown(request, reply, originOf(dataset))) return reply
      const pixels = Array.from(pixelsOf(dataset, split, [index]))
      const label = dataset[split].labels[index] as number
      return { split, index, label, class: dataset.classes[label] as string, pixels }
    },
  )

  app.get(
    '/api/data/:split/images/:index.png',
    { schema: { tags, summary: 'An image as a PNG', params: imageParams, produces: 'image/png' } },
    async (request, reply) => {
      const { split, index } = request.params
      const dataset = await data.get()
      if (answersKnown(request, reply, originOf(dataset))) return reply
      const { png } = await sheetOf(dataset, split, [index], 1)
      return reply.type('image/png').send(png)
    },
  )

  app.get(
    '/api/data/:split/sheet.png',
    {
      schema: {
        tags,
        summary: 'Many images as one PNG, row by row',
        params: splitParams,
        querystring: sheetQuery,
        produces: 'image/png',
      },
    },
    async (request, reply) => {
      const { indices, columns } = request.query
      const dataset = await data.get()
      if (answersKnown(request, reply, originOf(dataset))) return reply
      const { png } = await sheetOf(dataset, request.params.split, indices.split(',').map(Number), columns)
      return reply.type('image/png').send(png)
    },
  )

  const means = new Memo<number[][]>()
  app.get(
    '/api/data/:split/means',
    {
      schema: {
        tags,
        summary: 'The mean image of each class',
        params: splitParams,
        response: { 200: meansSchema },
      },
    },
    async ({ params: { split } }) => {
      const dataset = await data.get()
      const { height, width, classes } = dataset
      const value = await means.get(split, '', async () =>
        classStatistics(dataset[split], height * width, classes.length).map(({ meanImage }) =>
          Array.from(meanImage),
        ),
      )
      return { means: value }
    },
  )

  app.get(
    '/api/data/:split/suspicious',
    {
      schema: {
        tags,
        summary: 'Images whose labels look wrong; null before `atelier audit` has looked for them',
        params: splitParams,
        response: { 200: suspiciousSchema.nullable(), ...errors },
      },
    },
    async ({ params: { split } }) => {
      const file = join(catalog.places.runs, 'audit', 'audit.json')
      const text = await readOwnText(file)
      if (text === null) return null
      const audit = parseJson(file, text, 'an audit by this version of Atelier', (json) =>
        parseBy(auditSchema, json),
      )
      return isOf(audit, await data.get()) ? audit.labels[split] : null
    },
  )
}

/** Whether an audit is of this data set: by its files or, where it is too old to say so, by all that it tells of it. */
function isOf({ data, labels }: z.infer<typeof auditSchema>, dataset: Dataset): boolean {
  if (data.checksums !== undefined) return identityOf(data.checksums) === identityOf(dataset.checksums)
  return splitSchema.options.every((split) => {
    const { count, labels: actual } = dataset[split]
    const { images, suspects } = labels[split]
    return images === count && suspects.every(({ index, label }) => actual[index] === label)
  })
}

/** The server's paths, in full: whoever reads it may be in another folder. */
const auditCommand = (folder: string | undefined, runs: string): string => {
  const data = folder === undefined ? [] : ['--data', resolve(folder)]
  return atelierCommand('audit', ...data, '--out', join(runs, 'audit'))
}

const byClass = new WeakMap<Uint8Array, Map<number | undefined, Uint32Array>>()

/** Where the images of a class stand in their split, or all images. */
function indicesOf(dataset: Dataset, split: Split, label: number | undefined): Uint32Array {
  const { labels } = dataset[split]
  const known = byClass.get(labels) ?? new Map<number | undefined, Uint32Array>()
  byClass.set(labels, known)
  const found =
    known.get(label) ??
    Uint32Array.from(labels.keys()).filter((index) => label === undefined || labels[index] === label)
  known.set(label, found)
  return found
}

function pixelsOf(
  { height, width, ...splits }: Dataset,
  split: Split,
  indices: readonly number[],
): Uint8Array {
  const { images, count } = splits[split]
  const beyond = indices.find((index) => index >= count)
  if (beyond !== undefined) {
    throw new HttpError(404, mismatch(`Image of split ${split}`, `an index below ${count}`, String(beyond)))
  }
  return gatherImages(images, Uint32Array.from(indices), height * width)
}

const sheetOf = (dataset: Dataset, split: Split, indices: readonly number[], columns: number) =>
  packSheet(
    { pixels: pixelsOf(dataset, split, indices), height: dataset.height, width: dataset.width },
    columns,
  )
