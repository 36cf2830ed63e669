/** The recipes that have names: for a first look, the study's own, and ours. */
export const recipeNames = ['quick', 'published', 'tuned', 'long'] as const
export type RecipeName = (typeof recipeNames)[number]
