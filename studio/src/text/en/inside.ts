/** Texts of the page Look inside. */
export const inside = {
  title: 'Look inside',
  lead: 'Follow one image through a network, layer by layer, from its pixels to the answer.',
  noModels: 'There is no trained model to look into yet.',
  noImage: 'Choose a test image above, or bring an image of your own from',
  image: 'The image',
  layers: 'Layers',
  layer: 'Layer',
  notThere: 'This layer does nothing when the network is used, so there is nothing to see.',
  channel: (number: number) => `Channel ${number}`,
  first: (shown: number, all: number) => `The first ${shown} of ${all} channels`,
  units: (count: number) => `${count} units, row after row`,
  filters: 'What it looks for',
  filtersLead: 'Its weights. Vermilion: bright pixels here count for; blue: they count against.',
  filter: (number: number) => `Filter ${number}`,
  logits: 'The answer, before it becomes probabilities: the largest wins.',
  ops: {
    conv2d:
      'Convolution: small filters slide over the image. Each has a map of its own, bright where what it looks for is found.',
    dense: 'Dense: each unit weighs all values before it and adds them up.',
    batchNormalization:
      'Batch Normalization: brings each channel to a common scale, which makes learning steadier.',
    maxPooling2d: 'Max pooling: keeps the largest of neighbouring values, and halves the image.',
    globalAveragePooling2d: 'Global average pooling: one number a channel, its mean.',
    flatten: 'Flatten: the maps become one long list of numbers.',
    dropout:
      'Dropout: while learning, random values are left out, so that no unit relies on one other. Now everything passes.',
    relu: 'ReLU: values below zero become zero.',
    add: 'Add: what a block found is added to what came in, so that nothing gets lost.',
  },
}
