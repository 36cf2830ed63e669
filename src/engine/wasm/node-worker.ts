/** A thread of the pool on Node. */
import { parentPort, workerData } from 'node:worker_threads'
import { type WorkerStart, work } from './work.js'

work(workerData as WorkerStart, (report) => parentPort?.postMessage(report))
