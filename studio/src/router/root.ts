/**
 * Where the studio is served: at a host's root, or below a path at which a reverse proxy shows it. Within the studio a
 * path begins at its own root, `/models/nn` or `/api/models`; these two lead from there to addresses and back.
 */

/** Empty at a host's root, else such as `/atelier`. A build's modules, workers' too, lie in `assets` below it. */
const root = rootOf(import.meta.url)

export function rootOf(module: string): string {
  return /^(.*)\/assets\/[^/]+$/.exec(new URL(module).pathname)?.[1] ?? ''
}

/** The address of a path, on this host. */
export const hrefOf = (path: string): string => root + path

/** The path of an address on this host, without a slash at the end, but for the root's own. */
export const pathOf = (pathname: string): string => pathname.slice(root.length).replace(/\/+$/, '') || '/'
