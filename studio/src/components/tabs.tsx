import { Link } from '../router/link.js'

interface Props {
  readonly label: string
  readonly current: string
  readonly tabs: readonly { readonly name: string; readonly label: string; readonly href: string }[]
}

/** Parts of a page, each with an address. */
export function Tabs({ label, current, tabs }: Props) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.name} href={tab.href} aria-current={tab.name === current ? 'page' : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
