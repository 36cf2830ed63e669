/** `GET /api/recipes`: what can be trained, and how. */
import { countParameters, weightsOf } from '../../graph/graph.js'
import { modelNames, models } from '../../models/index.js'
import { namedRecipe, recipeNamesOf } from '../../recipes/index.js'
import { recipeFields } from '../recipe-fields.js'
import { recipesSchema } from '../schemas/trainings.js'
import type { Routes } from './routes.js'

export const recipeRoutes: Routes = (app) => {
  app.get(
    '/api/recipes',
    {
      schema: {
        tags: ['Training'],
        summary: "The models, their recipes, and what each of a recipe's values means",
        response: { 200: recipesSchema },
      },
    },
    async () => ({
      models: modelNames.map((model) => ({
        model,
        title: models[model].title,
        parameters: countParameters(weightsOf(models[model].build())).parameters,
        recipes: recipeNamesOf(model).map((name) => ({ name, values: namedRecipe(name, model) })),
      })),
      fields: Object.entries(recipeFields).map(([key, explanation]) => ({ key, explanation })),
    }),
  )
}
