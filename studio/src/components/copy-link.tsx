import { useState } from 'react'
import { useTexts } from '../settings.js'

/** Copies the address, which holds the page's whole state. */
export function CopyLink() {
  const { shell } = useTexts()
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(window.location.href)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <span aria-live="polite">{copied ? shell.shared : shell.share}</span>
    </button>
  )
}
