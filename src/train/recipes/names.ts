/** The recipes that have names, from the quickest look to the longest training. */
export const recipeNames = ['quick', 'published', 'tuned', 'long'] as const
export type RecipeName = (typeof recipeNames)[number]
