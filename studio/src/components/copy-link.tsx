import { useEffect, useRef, useState } from 'react'
import { useHref } from '../router/location.js'
import { useTexts } from '../settings.js'

/** Copies the address, which holds the page's whole state; where the browser does not let it, shows the address. */
export function CopyLink() {
  const { shell } = useTexts()
  const [copied, setCopied] = useState(false)
  const [refused, setRefused] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      // Neither https nor localhost: there is no clipboard at all.
      await navigator.clipboard.writeText(window.location.href)
      setCopied(true)
      setTimeout(() => setCopied(false), 2000)
    } catch {
      setRefused(true)
    }
  }
  return (
    <>
      <button type="button" className="button" onClick={() => void copy()}>
        <span aria-live="polite">{copied ? shell.shared : shell.share}</span>
      </button>
      {refused && <LinkField />}
    </>
  )
}

/** The address, marked, so that one key copies it. */
function LinkField() {
  const { shell } = useTexts()
  const href = useHref()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <label className="field link">
      <span className="label">{shell.link}</span>
      <input
        ref={field}
        type="text"
        readOnly
        value={href}
        onFocus={(event) => event.currentTarget.select()}
        // It may stand in a form, which Enter would submit.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
    </label>
  )
}
