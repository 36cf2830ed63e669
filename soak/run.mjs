// `npm run soak`: the set-up, then soak/main.ts, which is TypeScript and needs what the set-up installs.
import '../scripts/lib/node-version.mjs'
import { setUp } from '../scripts/lib/setup.mjs'
import { main } from '../scripts/lib/shell.mjs'

main(() => setUp())
const { createJiti } = await import('jiti')
await createJiti(import.meta.url).import('./main.ts')
