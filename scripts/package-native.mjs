// `npm run package:native`: packs the native engine for systems and processors like this one, into packages/. The package
// needs nothing of the system but glibc and libstdc++ of this machine's age: oneDNN and the OpenMP runtime lie in it.
import './lib/node-version.mjs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { PACKAGES, pack, stagePackage } from './lib/package.mjs'
import { buildPrebuilt } from './lib/prebuilt.mjs'
import { main, SetupError, which } from './lib/shell.mjs'

main(() => {
  if (platform() !== 'linux' || !which('dpkg-query')) {
    const received = platform() === 'linux' ? 'another Linux' : platform()
    throw new SetupError(
      `package:native: expected Debian or Ubuntu, whose packages hold the licences of what is packed, received ${received}.`,
    )
  }
  // By its name src/engine/native/prebuilt.ts finds it.
  const name = `atelier-native-linux-${arch()}`
  const folder = join(PACKAGES, `native-linux-${arch()}`)
  const { builds, onednn, files } = buildPrebuilt()
  stagePackage(folder, {
    manifest: {
      name,
      description: `The native engine of the package atelier for Linux on ${arch()}, with oneDNN ${onednn}`,
      keywords: ['atelier', 'onednn', 'native'],
      os: ['linux'],
      cpu: [arch()],
      libc: ['glibc'],
      atelier: { onednn, builds },
    },
    copy: files,
  })
  pack(folder)
})
