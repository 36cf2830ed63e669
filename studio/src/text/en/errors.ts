/** What goes wrong on the studio's own side. */
export const errors = {
  /** The server's own words, which are English. */
  server: (words: string) => words,
  silent: 'The server does not answer. Is `atelier serve` still running?',
  status: (status: number, name: string) => `The server answered ${`${status} ${name}`.trim()}.`,
  noAnswer: 'The server sent no answer.',
  noRecipes: 'The server knows no recipes.',
  noWorker: 'The browser could not start its inference worker.',
  notRun: (reason: string) => `The browser could not run the model: ${reason}`,
  noLogits: (model: string) => `${model} has no output "logits".`,
  brokenLink: 'This link holds no image: its part after # is not whole.',
  badImage: (received: string) => `image: expected train:N, test:N or own, received ${received}`,
  noCanvas: 'This browser draws no pictures.',
}
