/** Memory that threads read and write in place. Pages that are not cross-origin isolated have none. */
export const sharesMemory = typeof SharedArrayBuffer === 'function'

/** So many bytes, shared where that can be had. */
export const memoryOf = (bytes: number): ArrayBuffer | SharedArrayBuffer =>
  sharesMemory ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
