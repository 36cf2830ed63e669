/** The real data set with fewer test images, for what has to score them again and again. */
import { type Dataset, loadDataset } from '../../src/data/dataset.js'

/** With its first `count` test images alone. */
export async function fewTestImages(count: number): Promise<Dataset> {
  const dataset = await loadDataset()
  const { images, labels } = dataset.test
  const size = dataset.height * dataset.width
  return {
    ...dataset,
    test: { count, images: images.subarray(0, count * size), labels: labels.subarray(0, count) },
  }
}
