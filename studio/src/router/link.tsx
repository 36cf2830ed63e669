import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { navigate } from './location.js'
import { hrefOf } from './root.js'

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }

/** A link within the studio: followed without loading the page again, yet openable in a new tab. */
export function Link({ href, onClick, ...rest }: Props) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    if (event.defaultPrevented || modified || event.button !== 0) return
    event.preventDefault()
    navigate(href)
    window.scrollTo(0, 0)
  }
  return <a href={hrefOf(href)} onClick={follow} {...rest} />
}
