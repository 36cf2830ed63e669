import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { compressed } from './compress.js'

const below = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const built = below('../dist/studio')

export default defineConfig({
  root: below('.'),
  // Relative: the server says in each page where the studio's root is, and modules find each other from where they lie.
  base: './',
  build: {
    outDir: built,
    emptyOutDir: true,
    target: 'es2022',
    // Small pictures as files of their own: what a page's policy forbids inline stays loadable.
    assetsInlineLimit: 0,
    // The files of ONNX Runtime are large, and loaded when they are wanted.
    chunkSizeWarningLimit: 1000,
  },
  plugins: [compressed(built)],
  worker: { format: 'es' },
  // `npx vite studio` shows changes at once, with a running `atelier serve` behind it; that one compares Host with
  // Origin, so that both are passed on as they are.
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
