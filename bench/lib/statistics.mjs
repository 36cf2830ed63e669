// Order statistics.

/** The value below which a share of the values lies, by linear interpolation. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort()
  const place = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}

export const median = (values) => quantile(values, 0.5)
