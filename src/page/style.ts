/** The style sheet of all pages. */
import { colorVariables, heat, heatTurn } from './theme.js'

const heatRules = heat
  .map((_, step) => {
    const color = step >= heatTurn ? 'surface' : 'ink'
    return `.heat-${step}{background:var(--heat-${step});color:var(--${color})}`
  })
  .join('')

export const style = `
:root{color-scheme:light dark;${colorVariables()}}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1240px;padding:0 16px 48px;background:var(--surface);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:16px;top:8px;background:var(--surface);padding:4px 8px;z-index:2}
header{display:flex;justify-content:space-between;align-items:flex-start;gap:16px;padding:24px 0 8px}
h1{margin:0;font-size:1.75rem;line-height:1.2;overflow-wrap:anywhere}
header p{margin:4px 0 0;color:var(--muted)}
h2{margin:0 0 4px;font-size:1.3rem;padding-top:8px}
h3{margin:20px 0 8px;font-size:1rem}
p{max-width:75ch;margin:4px 0 12px}
button{font:inherit;color:inherit;cursor:pointer}
#theme,dialog button{background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:4px 10px;white-space:nowrap}
nav{border-bottom:1px solid var(--line);padding-bottom:8px}
nav ul{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;padding:0;list-style:none}
section{padding:20px 0 8px;border-bottom:1px solid var(--line)}
footer{color:var(--muted);font-size:.87rem}
.note{color:var(--muted)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:12px 0 20px}
.facts div{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
.facts dt{color:var(--muted);font-size:.87rem}
.facts dd{margin:0;font-size:1.3rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.facts dd small{display:block;font-size:.8rem;font-weight:400;color:var(--muted)}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:8px 32px;align-items:start}
.columns>*{min-width:0}
figure{margin:8px 0 16px;min-width:0}
figcaption{font-weight:600;margin-bottom:4px}
.plot svg{display:block;width:100%;max-width:520px;height:auto}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.93rem}
caption{text-align:left;font-weight:600;padding:4px 0}
th,td{padding:3px 12px 3px 0;text-align:left;vertical-align:top}
tbody tr{border-top:1px solid var(--line)}
thead th{color:var(--muted);font-weight:500;vertical-align:bottom}
tbody th{font-weight:500}
td.n,th.n{text-align:right;white-space:nowrap}
.pairs{width:100%}
.pairs th{width:46%;color:var(--muted);overflow-wrap:anywhere}
.pairs td{overflow-wrap:anywhere;padding-right:0}
details{margin:8px 0 12px}
summary{cursor:pointer;color:var(--link);width:fit-content}
.matrix{border-collapse:separate;border-spacing:1px;font-size:.85rem;table-layout:fixed;width:100%;min-width:360px;max-width:680px}
.matrix tbody tr{border:0}
.columns>.scroll{margin-bottom:16px}
.matrix caption{font-weight:400;color:var(--muted)}
.matrix th,.matrix td{padding:0;height:38px;text-align:center;vertical-align:middle}
.matrix col.names{width:92px}
.matrix tbody th{text-align:right;padding-right:6px;line-height:1.15;overflow-wrap:anywhere}
.matrix thead th{height:92px;vertical-align:bottom;padding-bottom:4px;color:var(--ink)}
.matrix thead span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:88px;overflow:hidden;line-height:1.1}
.matrix button{display:block;width:100%;height:100%;border:0;padding:0;border-radius:2px;font-size:inherit}
.matrix button:hover{outline:2px solid var(--ink);outline-offset:-2px}
.matrix button:focus-visible{outline:3px solid var(--ink);outline-offset:-3px;box-shadow:inset 0 0 0 5px var(--surface)}
${heatRules}
.tile{display:inline-block;flex:none;width:var(--tile-width);height:var(--tile-height);
background:var(--sheet) calc(var(--x)*-1*var(--tile-width)) calc(var(--y)*-1*var(--tile-height))/calc(var(--columns)*var(--tile-width)) calc(var(--rows)*var(--tile-height)) no-repeat;
image-rendering:pixelated;print-color-adjust:exact;-webkit-print-color-adjust:exact;border-radius:2px}
.tiles{display:flex;flex-wrap:wrap;gap:10px;margin:8px 0;padding:0;list-style:none}
.tiles li{width:112px;font-size:.82rem;line-height:1.3;overflow-wrap:anywhere}
.tiles .tile{display:block;margin-bottom:2px}
.tiles b{font-weight:600}
.tiles.batch li{width:auto}
.epochs td{padding:2px 4px 2px 0}
.epochs th{padding-right:10px;vertical-align:middle}
.filters img{display:block;max-width:100%;height:auto}
dialog{border:1px solid var(--line);border-radius:10px;background:var(--surface);color:var(--ink);padding:16px;
width:min(960px,calc(100vw - 24px));max-height:calc(100vh - 24px)}
dialog::backdrop{background:rgb(0 0 0/.55)}
.head{display:flex;justify-content:space-between;align-items:flex-start;gap:12px}
.head h2{font-size:1.1rem;padding:0}
@media (max-width:520px){

.matrix th,.matrix td{height:30px}
.matrix col.names{width:70px}
.tiles{gap:8px}
.tiles li{width:104px}
table{font-size:.84rem}
.matrix{font-size:.72rem;min-width:0}
th,td{padding-right:6px}
.pairs th{width:52%}
}
@media print{
:root,:root[data-theme]{color-scheme:light}
body{max-width:none;font-size:11pt}
.columns{grid-template-columns:repeat(auto-fit,minmax(300px,1fr))}
.matrix{min-width:0;font-size:.72rem}
nav,.skip,#theme,dialog{display:none!important}
section{break-inside:auto}
figure,tr,.tiles li,.facts div{break-inside:avoid}
h2,h3{break-after:avoid}
.matrix td{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.matrix button{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`
