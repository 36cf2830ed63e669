import { usePlace } from '../../router/location.js'
import { ComparePage } from './compare-page.js'
import { ModelPage } from './model-page.js'
import { ModelTable } from './model-table.js'
import './models.css'

export default function ModelsPage() {
  const { path } = usePlace()
  const [, , id, tab] = path.split('/')
  if (id === undefined) return <ModelTable />
  if (id === 'compare') return <ComparePage />
  return <ModelPage id={decodeURIComponent(id)} tab={tab ?? 'overview'} />
}
