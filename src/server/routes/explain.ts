/** `POST /api/explain`: which places of a photo speak for a class. */
import { mismatch } from '../../core/errors.js'
import { argmax, softmax } from '../../core/logits.js'
import { takesPhotos } from '../../predict/takes-photos.js'
import { HttpError } from '../http/errors.js'
import { limits } from '../http/limits.js'
import { patience, within } from '../http/patience.js'
import { acceptImages, imagesIn, imageTypes } from '../http/uploaded-images.js'
import type { ZodTypeProvider } from '../http/zod.js'
import { errorSchema } from '../schemas/common.js'
import { explainQuery, explainResponse } from '../schemas/predict.js'
import type { Routes } from './routes.js'

export const explainRoutes: Routes = (parent, { catalog, explainers, photos }) => {
  parent.register(async (scope) => {
    const app = scope.withTypeProvider<ZodTypeProvider>()
    acceptImages(app)
    app.post(
      '/api/explain',
      {
        bodyLimit: limits.image,
        schema: {
          tags: ['Predictions'],
          summary: 'Which places of a photo speak for the class that a model takes it for, or for another',
          description: 'The body is an image, or a form with one.',
          consumes: imageTypes,
          querystring: explainQuery,
          response: {
            200: explainResponse,
            400: errorSchema,
            404: errorSchema,
            413: errorSchema,
            422: errorSchema,
          },
        },
      },
      async (request, reply) => {
        const { model: id, method, class: classIndex, invert } = request.query
        const listed = await catalog.findModel(id)
        const { model } = listed
        if (!takesPhotos(model.graph)) {
          throw new HttpError(400, mismatch(`Model ${id}`, 'one of 28 x 28 gray images', 'one of others'))
        }
        if (classIndex !== undefined && classIndex >= model.classes.length) {
          throw new HttpError(400, mismatch('class', `0 to ${model.classes.length - 1}`, String(classIndex)))
        }
        const [image, more] = imagesIn(request)
        if (image === undefined || more !== undefined) {
          throw new HttpError(400, mismatch('Form', 'one image', 'several'))
        }
        const signal = patience(reply)
        const photo = await within(signal, photos.prepare(image.bytes, image.name, invert))
        const explanation = await explainers.explain(listed, Uint8Array.from(photo.pixels), {
          signal,
          ...(method === undefined ? {} : { method }),
          ...(classIndex === undefined ? {} : { classIndex }),
        })
        const { logits, classIndex: label, values, ...rest } = explanation
        return {
          ...rest,
          model: id,
          label,
          class: model.classes[label] as string,
          predicted: argmax(logits),
          probabilities: Array.from(softmax(logits, model.temperature)),
          values: Array.from(values),
          photo,
        }
      },
    )
  })
}
