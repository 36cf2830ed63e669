/** `/api/data`: the images of the data set. */
import { join } from 'node:path'
import { classStatistics } from '../../audit/statistics.js'
import { mismatch } from '../../core/errors.js'
import { Memo } from '../../core/memo.js'
import type { Dataset } from '../../data/dataset.js'
import { packSheet } from '../../page/sprite.js'
import { gatherImages } from '../../train/subsets.js'
import { HttpError } from '../http/errors.js'
import { readOwnText } from '../models/own-files.js'
import { errorSchema, type Split } from '../schemas/common.js'
import {
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
/** Images do not change while the server runs. */
const CACHED = 'private, max-age=3600'

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
    async ({ params: { split, index } }, reply) => {
      const dataset = await data.get()
      const pixels = Array.from(pixelsOf(dataset, split, [index]))
      const label = dataset[split].labels[index] as number
      reply.header('cache-control', CACHED)
      return { split, index, label, class: dataset.classes[label] as string, pixels }
    },
  )

  app.get(
    '/api/data/:split/images/:index.png',
    { schema: { tags, summary: 'An image as a PNG', params: imageParams, produces: 'image/png' } },
    async ({ params: { split, index } }, reply) => {
      const { png } = await sheetOf(await data.get(), split, [index], 1)
      return reply.header('cache-control', CACHED).type('image/png').send(png)
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
    async ({ params: { split }, query: { indices, columns } }, reply) => {
      const { png } = await sheetOf(await data.get(), split, indices.split(',').map(Number), columns)
      return reply.header('cache-control', CACHED).type('image/png').send(png)
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
      return text === null ? null : suspiciousSchema.strip().parse(JSON.parse(text).labels?.[split])
    },
  )
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
