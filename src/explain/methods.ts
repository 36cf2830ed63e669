/** The methods of explanation by name. */

export const methods = ['gradcam', 'gradient', 'occlusion'] as const
export type Method = (typeof methods)[number]

export const methodTitles: Readonly<Record<Method, string>> = {
  gradcam: 'Grad-CAM',
  gradient: 'Smoothed gradient',
  occlusion: 'Occlusion',
}
