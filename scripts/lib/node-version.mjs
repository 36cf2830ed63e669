// Checks Node's version while it is being imported, so that an entry point which imports this file first says
// the plain truth on an old Node instead of failing on newer syntax later.
const NEEDED = { major: 20, minor: 19 }

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < NEEDED.major || (major === NEEDED.major && minor < NEEDED.minor)) {
  process.stderr.write(
    `Atelier needs Node ${NEEDED.major}.${NEEDED.minor} or later, this is ${process.versions.node} (${process.execPath}). ` +
      'Install a newer one from https://nodejs.org or your package manager, then run the command again.\n',
  )
  process.exit(1)
}
