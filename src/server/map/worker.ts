/** The thread that lays a map out: one layout, then it ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { UMAP } from 'umap-js'
import { keyOf, Random } from '../../core/random.js'
import { type LayoutRequest, NEIGHBOURS } from './layout.js'

const { features, size } = workerData as LayoutRequest
const count = features.length / size
const rows = Array.from({ length: count }, (_, i) => Array.from(features.subarray(i * size, (i + 1) * size)))
const random = new Random(keyOf(1, 'umap'))
// The same features always make the same map; the other values are the paper's.
const umap = new UMAP({
  nComponents: 2,
  nNeighbors: NEIGHBOURS,
  minDist: 0.1,
  random: () => random.uniform(),
})
parentPort?.postMessage(Float32Array.from(umap.fit(rows).flat()))
