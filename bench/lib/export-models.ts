/** The models as ONNX files, for onnxruntime. */
import { openPyTorch } from './contestants.js'
import type { PyTorch } from './install.js'
import type { Material } from './types.js'

/** Writes them with the first PyTorch that can; null, or why none of them could. */
export async function exportModels(
  pytorches: readonly PyTorch[],
  { folder, models }: Material,
): Promise<string | null> {
  const reasons: string[] = []
  for (const { python, version } of pytorches) {
    const child = openPyTorch(python, { own: 1, blas: 1 })
    try {
      for (const { name } of models) await child.ask('export', { folder, model: name })
      return null
    } catch (error) {
      reasons.push(`PyTorch ${version}: ${error instanceof Error ? error.message : error}`)
    } finally {
      await child.stop()
    }
  }
  return `no PyTorch could export its models: ${reasons.join('; ')}`
}

/** A line on each PyTorch: its version and the BLAS that answers it. */
export async function describePyTorches(pytorches: readonly PyTorch[]): Promise<string[]> {
  const lines: string[] = []
  for (const { python, version } of pytorches) {
    const child = openPyTorch(python, { own: 1, blas: 1 })
    const { blas } = await child.ask<{ blas: string }>('describe')
    await child.stop()
    lines.push(`PyTorch ${version}, BLAS ${blas}`)
  }
  return lines
}
