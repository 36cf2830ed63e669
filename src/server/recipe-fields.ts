/** What each value of a recipe means, for whoever starts a training; src/recipes/recipe.ts checks them. */

export const recipeFields = {
  epochs: 'How often the training goes through all training images.',
  batch: 'Images a step. Larger batches take fewer, steadier steps; the learning rate may then be higher.',
  precision:
    'Of activations: f32, bf16 (faster, where the processor has it), or auto, which takes bf16 where it is.',
  holdOut: 'Training images held out for validation: a share below 1, or a number of them. 0: none.',
  'pixels.mean': 'Pixels in [0, 1] are shifted by minus this.',
  'pixels.deviation': 'Then they are divided by this.',
  'optimizer.kind':
    'How gradients become steps: adam adapts to each weight, sgd takes the same rate for all.',
  'optimizer.beta1': "Adam's memory of the gradient, from 0 to 1.",
  'optimizer.beta2': "Adam's memory of the squared gradient, from 0 to 1.",
  'optimizer.epsilon': "Keeps Adam's division from zero.",
  'optimizer.momentum': "SGD's memory of its steps, from 0 to 1.",
  'optimizer.nesterov': 'Whether SGD looks ahead along its momentum.',
  'optimizer.weightDecay': 'How strongly weights are drawn to zero, against overfitting.',
  'schedule.kind':
    'The course of the learning rate: constant, oneCycle (cosine up and down) or cosine (linear up, cosine down).',
  'schedule.learningRate':
    'The highest learning rate: the size of a step. Too high diverges, too low takes long.',
  'schedule.warmup': 'Share of all steps in which the rate rises.',
  'schedule.final': 'The last rate as a share of the highest.',
  'schedule.restart':
    'Share of all steps after which the course begins anew, or a list of several. 0: never.',
  smoothing: 'Label smoothing: this share of the target goes to all classes alike, against overconfidence.',
  dropout: 'Share of units that are left out at random in a step; null: as the model has it.',
  zeroInitResidual: 'Whether each residual block starts as its shortcut alone: deep nets learn faster so.',
  teacher: 'A trained model to learn from, besides the labels; null: none, or a JSON object.',
  'teacher.model': 'Its name, or the folder of its run.',
  'teacher.share': 'How much of each target is its answer, the rest being the label.',
  average: "Decay of the weights' moving average, which then replaces them, such as 0.999. 0: none.",
  reestimate: "Batches from which Batch Normalization's statistics are estimated again at the end. 0: none.",
  classWeights:
    'How much the loss of each class counts: balanced (rare classes count more), or a list of numbers, one a class; null: all the same.',
  earlyStopping:
    'Ends the training when the held-out images say that it gets no better; null: none, or a JSON object.',
  'earlyStopping.monitor': 'What counts: accuracy or loss of the held-out images.',
  'earlyStopping.patience': 'Epochs without a better one after which it ends.',
  'earlyStopping.restoreBest': 'Whether the weights of the best epoch are kept, or those of the last.',
  augmentation: 'Random changes of the images, new in every epoch; null: none, or a JSON object.',
  'augmentation.affine': 'Random rotation, zoom, shear and shift; null: none, or a JSON object.',
  'augmentation.affine.rotation': 'Degrees, either way.',
  'augmentation.affine.zoom': 'Lowest and highest zoom, each axis by itself; above 1 shrinks.',
  'augmentation.affine.shear': 'Degrees, either way.',
  'augmentation.affine.shift': 'Share of height and of width, either way.',
  'augmentation.translate': 'Whole pixels, either way.',
  'augmentation.translateUntil': 'Share of all epochs in which images are moved so.',
  'augmentation.horizontalFlip':
    'Mirrors left and right: none, random, or alternate (changes with every epoch).',
  'augmentation.verticalFlip': 'Probability of turning the image upside down.',
  'augmentation.erase': 'A random rectangle is covered; null: none, or a JSON object.',
  'augmentation.erase.probability': 'Probability of covering an image.',
  'augmentation.erase.area': 'Smallest and largest share of the image.',
  'augmentation.erase.aspect': 'Longest side over shortest, at most.',
  'augmentation.erase.fill': 'What covers it: zero or noise.',
  'augmentation.paste':
    'A random rectangle shows another training image (CutMix); null: none, or a JSON object.',
  'augmentation.paste.probability': 'Probability that another image is pasted into an image.',
  'augmentation.paste.area': 'Smallest and largest share of the image.',
  'augmentation.paste.aspect': 'Longest side over shortest, at most.',
  'augmentation.paste.after': 'Share of all epochs that come without.',
} as const satisfies Readonly<Record<string, string>>

/** A value's key, as `--set` takes it. */
export type RecipeField = keyof typeof recipeFields
