/** `POST /api/predict`: what photos show, by one model or several. */
import { mismatch } from '../../core/errors.js'
import { mapInOrder } from '../../core/in-order.js'
import { rowOf } from '../../core/logits.js'
import { type Invert, SIDE } from '../../photo/prepare.js'
import { answerOf } from '../../predict/answer.js'
import { takesPhotos } from '../../predict/takes-photos.js'
import { HttpError } from '../http/errors.js'
import { limits } from '../http/limits.js'
import { patience, within } from '../http/patience.js'
import { acceptImages, imagesIn, imageTypes, type UploadedImage } from '../http/uploaded-images.js'
import type { ZodTypeProvider } from '../http/zod.js'
import { familiarityOf, knownImagesOf } from '../models/familiarity.js'
import type { ServedModel } from '../models/pool.js'
import { errorSchema } from '../schemas/common.js'
import {
  type Photo,
  type PredictedImage,
  type Prediction,
  predictQuery,
  predictResponse,
} from '../schemas/predict.js'
import type { Services } from '../services.js'
import type { Routes } from './routes.js'

const MOST_MODELS = 16

/** Photos of a request that wait at the same time: one thread prepares them, and others want their turns. */
const AT_A_TIME = { workers: 4, ahead: 4 }

export const predictRoutes: Routes = (parent, services) => {
  parent.register(async (scope) => {
    const app = scope.withTypeProvider<ZodTypeProvider>()
    acceptImages(app)
    app.post(
      '/api/predict',
      {
        bodyLimit: limits.form,
        schema: {
          tags: ['Predictions'],
          summary: 'What photos show, by one model or several',
          description:
            'The body is an image (PNG, JPEG, WebP, AVIF, GIF, TIFF), or a form whose files are images. ' +
            'In a form, an image that cannot be read has an error of its own.',
          consumes: imageTypes,
          querystring: predictQuery,
          response: {
            200: predictResponse,
            400: errorSchema,
            404: errorSchema,
            413: errorSchema,
            422: errorSchema,
          },
        },
      },
      async (request, reply) => {
        const { invert, models } = request.query
        const ids = models?.split(',') ?? (await pretrainedIds(services))
        await checkModels(services, ids)
        const images = imagesIn(request)
        const signal = patience(reply)
        const prepare = async (image: UploadedImage) => {
          signal.throwIfAborted()
          return within(signal, prepareOne(services, image, invert, request.isMultipart()))
        }
        const read: ReadImage[] = []
        for await (const image of mapInOrder(images, prepare, AT_A_TIME)) read.push(image)
        return { images: await predictAll(services, read, ids, signal) }
      },
    )
  })
}

async function pretrainedIds({ catalog }: Services): Promise<string[]> {
  const models = await catalog.listModels()
  return models.filter(({ model }) => model.kind === 'pretrained').map(({ id }) => id)
}

/** Before any image is read: each model is there and takes photos. */
async function checkModels({ catalog }: Services, ids: readonly string[]): Promise<void> {
  if (ids.length === 0 || ids.length > MOST_MODELS) {
    throw new HttpError(400, mismatch('models', `1 to ${MOST_MODELS} ids by commas`, String(ids.length)))
  }
  for (const id of ids) {
    const { model } = await catalog.findModel(id)
    if (takesPhotos(model.graph)) continue
    throw new HttpError(400, mismatch(`Model ${id}`, `one of ${SIDE} x ${SIDE} gray images`, 'one of others'))
  }
}

type ReadImage = { name: string; photo: Photo } | { name: string; error: string }

async function prepareOne(
  { photos }: Services,
  { name, bytes }: UploadedImage,
  invert: Invert,
  inForm: boolean,
): Promise<ReadImage> {
  try {
    return { name, photo: await photos.prepare(bytes, name, invert) }
  } catch (error) {
    // In a form the other images go on.
    if (!inForm || !(error instanceof HttpError) || error.statusCode !== 422) throw error
    return { name, error: error.message }
  }
}

async function predictAll(
  { pool }: Services,
  images: readonly ReadImage[],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<PredictedImage[]> {
  const photos = images.flatMap((image) => ('photo' in image ? [image.photo] : []))
  const lists = await Promise.all(
    ids.map((id) => pool.use(id, (model) => predict(model, photos, signal), signal)),
  )
  let next = 0
  return images.map((image) => {
    if ('error' in image) return image
    const at = next++
    return { ...image, predictions: lists.map((list) => list[at] as Prediction) }
  })
}

async function predict(
  served: ServedModel,
  photos: readonly Photo[],
  signal: AbortSignal,
): Promise<readonly Prediction[]> {
  const { id, model } = served
  const pixels = new Float32Array(photos.length * SIDE * SIDE)
  photos.forEach((photo, i) => {
    pixels.set(photo.pixels, i * SIDE * SIDE)
  })
  const logits = await served.logits(pixels, photos.length, signal)
  const { classes, temperature } = model
  const facts = { classes, temperature, known: await knownImagesOf(model) }
  return photos.map((photo, i) => {
    const image = Uint8Array.from(photo.pixels)
    const answer = answerOf(image, rowOf(logits, i, classes.length), facts)
    return {
      model: id,
      label: answer.label,
      class: answer.class,
      probabilities: Array.from(answer.probabilities),
      familiarity: familiarityOf(answer),
    }
  })
}
