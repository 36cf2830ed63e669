// How the parts of ECharts that Node draws with are bundled: src/page/echarts.ts, over what the compiler made of it.
import { join } from 'node:path'
import { root } from './shell.mjs'

/** @type {import('vite').UserConfig} */
export default {
  root,
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  ssr: { noExternal: true },
  build: {
    ssr: join(root, 'src', 'page', 'echarts.ts'),
    outDir: join(root, 'dist', 'page'),
    emptyOutDir: false,
    minify: true,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'echarts.js' } },
  },
}
