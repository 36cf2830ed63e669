/** Texts of the page Data. */
export const data = {
  title: 'Data',
  lead: (train: string, test: string, classes: number) =>
    `${train} training images and ${test} test images of ${classes} classes.`,
  sections: 'Parts of this page',
  tabs: { browse: 'Browse', means: 'Class means', map: 'Map', suspicious: 'Suspicious labels' },
  split: 'Images',
  test: 'Test',
  train: 'Training',
  class: 'Class',
  all: 'All',
  index: 'Number',
  testIndex: 'Test image',
  show: 'Show',
  size: 'Pixels',
  meanPixel: 'Mean pixel',
  ask: 'Ask the models',
  meansLead: 'What all training images of a class have in common: their mean, pixel by pixel.',
  mapLead:
    'Images that a model takes for alike lie close together. Zoom with the wheel, drag to move, and click a point to open it.',
  mapTitle: (count: string, layer: string) => `${count} test images by the layer ${layer}`,
  mapAlt: (count: number) => `Map of ${count} test images; their list by class is under Browse`,
  arranged: 'Arranged by',
  byComponents: 'Principal components',
  byNeighbours: 'Neighbours (UMAP)',
  neighbours:
    'UMAP: images that the layer finds alike stay together. The axes, and how far groups are from each other, mean little.',
  explained: (first: string, second: string) =>
    `Principal components: the horizontal axis explains ${first} of the variance, the vertical one ${second}.`,
  takenFor: (name: string) => `taken for ${name}`,
  noModels: 'A map needs a trained model.',
  suspiciousLead:
    'Labels that look wrong to models which have not learned from them, the most doubtful first.',
  notAudited:
    'The labels of these data have not been audited here yet. Some minutes do it, and this page shows what was found:',
  estimated: (errors: string, images: string) =>
    `About ${errors} of ${images} labels look wrong or doubtful.`,
  labelled: (name: string) => `labelled ${name}`,
}
