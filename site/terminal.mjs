// Draws what a terminal showed as an SVG that plays once: terminal.mjs OUTPUT TIMING COLUMNS ROWS SECONDS > SVG.
// OUTPUT and TIMING are what `script --log-out --log-timing` wrote. Each line of the screen is a text that is shown
// for its time; who cannot play it sees the last screen.
import { readFileSync } from 'node:fs'
import terminals from '@xterm/headless'

const [output, timing] = process.argv.slice(2, 4)
const [columns, rows, seconds] = process.argv.slice(4).map(Number)
const CELL = { width: 8.4, height: 19 }
const MARGIN = 18
const BAR = 34
const LONGEST_PAUSE = 1
const SHORTEST_FRAME = 0.08
const COLOURS = ['#586069', '#f97583', '#85e89d', '#ffea7f', '#79b8ff', '#b392f0', '#76e3ea', '#d1d5da']

const terminal = new terminals.Terminal({ cols: columns, rows, allowProposedApi: true })
const bytes = readFileSync(output)
// The first line is script's own.
let at = bytes.indexOf('\n') + 1
let clock = 0
let shownAt = -1
const lines = Array.from({ length: rows }, () => [])

function escaped(text) {
  return text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c])
}

// A line of the screen as words of one look; between two of them may be one space, not more.
function runs(y) {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y)
  const found = []
  for (let x = 0; line && x < columns; x++) {
    const cell = line.getCell(x)
    const text = cell.getChars() || ' '
    const look = cell.isFgPalette() ? cell.getFgColor() % 8 : -1
    const last = found.at(-1)
    if (last && last.look === look && last.bold === cell.isBold()) last.text += text
    else found.push({ x, look, bold: cell.isBold(), text })
  }
  return found
    .flatMap((run) => [...run.text.matchAll(/\S+(?: \S+)*/g)].map((word) => ({ ...run, x: run.x + word.index, text: word[0] })))
    .map((run) => {
      const width = (run.text.length * CELL.width).toFixed(1)
      const colour = run.look < 0 ? '' : ` fill="${COLOURS[run.look]}"`
      const weight = run.bold ? ' font-weight="bold"' : ''
      return `<tspan x="${(MARGIN + run.x * CELL.width).toFixed(1)}" textLength="${width}"${colour}${weight}>${escaped(run.text)}</tspan>`
    })
    .join('')
}

function look() {
  for (let y = 0; y < rows; y++) {
    const text = runs(y)
    const last = lines[y].at(-1)
    if ((last?.text ?? '') !== text) {
      if (last) last.end = clock
      lines[y].push({ text, begin: clock, end: undefined })
    }
  }
  shownAt = clock
}

for (const entry of readFileSync(timing, 'utf8').trim().split('\n')) {
  const [delay, count] = entry.split(' ').map(Number)
  clock += Math.min(delay, LONGEST_PAUSE)
  await new Promise((done) => terminal.write(bytes.subarray(at, at + count), done))
  at += count
  if (clock - shownAt >= SHORTEST_FRAME) look()
}
look()

const scale = seconds / clock
const width = Math.ceil(2 * MARGIN + columns * CELL.width)
const height = Math.ceil(BAR + rows * CELL.height + MARGIN)
const time = (moment) => `${(moment * scale).toFixed(2)}s`
const texts = lines
  .flatMap((intervals, y) =>
    intervals
      .filter((shown) => shown.text !== '')
      .map((shown) => {
        const place = `y="${BAR + (y + 1) * CELL.height - 5}"`
        if (shown.end === undefined) {
          return `<text ${place}>${shown.text}<set attributeName="visibility" to="hidden" begin="0s" end="${time(shown.begin)}"/></text>`
        }
        return `<text ${place} visibility="hidden">${shown.text}<set attributeName="visibility" to="visible" begin="${time(shown.begin)}" end="${time(shown.end)}"/></text>`
      }),
  )
  .join('\n')
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>./demo in a terminal</title>
<rect width="100%" height="100%" rx="8" fill="#1f2328"/>
<circle cx="20" cy="17" r="6" fill="#f97583"/><circle cx="40" cy="17" r="6" fill="#ffea7f"/><circle cx="60" cy="17" r="6" fill="#85e89d"/>
<g fill="#e6edf3" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">
${texts}
</g>
</svg>
`)
