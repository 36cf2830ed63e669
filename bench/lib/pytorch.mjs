// PyTorch before the measurements: a process that tries modes, and that exports the models for onnxruntime.
import { openPyTorch } from './contestants.mjs'

/** The process (none where PyTorch is not wanted or not there) and a line on the versions. */
export async function preparePyTorch(peers, material, { threads }, env) {
  const python = peers.pytorch?.python ?? peers.onnxruntime?.python
  if (!python) return { notes: [] }
  const child = openPyTorch(python, env)
  const { version, blas } = await child.ask('describe', { threads })
  if (peers.onnxruntime && !peers.onnxruntime.skipped) {
    await exportModels(child, material).catch((error) => {
      peers.onnxruntime = { skipped: `PyTorch cannot export its models: ${error.message}` }
    })
  }
  return { child, notes: [`${version} with BLAS from ${blas}`] }
}

async function exportModels(child, { folder, models }) {
  for (const { name } of models) await child.ask('export', { folder, model: name })
}
