// Makes the site's pages of the repository's Markdown: pages.mjs ROOT TARGET.
// Links between files become links between pages; sources of programs that are linked to become pages, too.
// A link that leads nowhere fails.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'

const [root, target] = process.argv.slice(2).map((path) => resolve(path))
const REPOSITORY_PAGES = {
  'README.md': 'index.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'LICENSE': 'license.md',
  'starter/README.md': 'starter.md',
  'stress/README.md': 'stress.md',
}
// A list of the page's own headings, which the site shows beside each page.
const CONTENTS = /^ *- \[[^\]]*\]\(#[^)]*\)\n/gm
const INLINE_LINK = /(!?\[[^\]]*\]\()([^)\s]+)(\))/g
const complaints = []
const sources = new Set()

function markdownBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return markdownBelow(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

function pageOf(file) {
  if (REPOSITORY_PAGES[file]) return REPOSITORY_PAGES[file]
  if (file.startsWith('docs/') && file.endsWith('.md')) {
    return file.slice('docs/'.length).replace(/README\.md$/, 'index.md')
  }
  return undefined
}

function sourcePage(file) {
  return statSync(join(root, file)).isDirectory() ? `sources/${file}/index.md` : `sources/${file}.md`
}

// A path from one page to another, without a dot in front where none is needed.
function between(from, to) {
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

function mapped(link, file, page) {
  if (/^[a-z]+:/.test(link) || link.startsWith('#')) return link
  const [path, anchor] = link.split('#')
  const wanted = relative(root, resolve(root, dirname(file), path))
  const hash = anchor === undefined ? '' : `#${anchor}`
  if (wanted.startsWith('..') || !existsSync(join(root, wanted))) {
    complaints.push(`${file}: ${link} leads nowhere`)
    return link
  }
  const other = pageOf(wanted)
  if (other) return between(page, other) + hash
  if (extname(wanted) === '.svg') {
    mkdirSync(join(target, 'public', dirname(wanted)), { recursive: true })
    cpSync(join(root, wanted), join(target, 'public', wanted))
    return `/${wanted}`
  }
  sources.add(wanted)
  return between(page, sourcePage(wanted)) + hash
}

// Everything but blocks of code. Comments, which say where code is from, are for those who edit.
function outsideOfCode(text, change) {
  return text
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : change(part)))
    .join('')
}

function write(page, text) {
  mkdirSync(dirname(join(target, page)), { recursive: true })
  writeFileSync(join(target, page), text)
}

// The first lines of the README are the site's head.
function home(text) {
  const [, title, tagline, rest] = text.match(/^# (.+)\n\n([^\n]+(?:\n[^\n]+)*)\n\n([\s\S]*)$/)
  const head = {
    layout: 'home',
    title,
    titleTemplate: 'processes with the ease of threads, for Java',
    hero: {
      name: title,
      text: 'Processes with the ease of threads',
      tagline: 'For Java 25: pools, queues, locks, shared memory between JVMs. One failure costs one task.',
      actions: [
        { theme: 'brand', text: 'The guide', link: '/guide/' },
        { theme: 'alt', text: 'From threads', link: '/guide/coming-from-threads' },
        { theme: 'alt', text: 'From Python', link: '/guide/coming-from-python' },
      ],
    },
  }
  return `---\n${JSON.stringify(head)}\n---\n\n${tagline}\n\n${rest}`
}

rmSync(target, { recursive: true, force: true })
for (const file of [...Object.keys(REPOSITORY_PAGES), ...markdownBelow('docs')]) {
  const page = pageOf(file)
  let text = readFileSync(join(root, file), 'utf8')
  if (file === 'LICENSE') text = `# License\n\n\`\`\`text\n${text}\n\`\`\`\n`
  text = outsideOfCode(text, (part) =>
    part
      .replace(/^<!--.*-->\n/gm, '')
      .replace(CONTENTS, '')
      .replace(INLINE_LINK, (_, before, link, after) => before + mapped(link, file, page) + after),
  )
  write(page, file === 'README.md' ? home(text) : text)
}
// A page of a folder links to the sources in it, which get pages by that.
for (const source of sources) {
  if (!statSync(join(root, source)).isDirectory()) continue
  const files = readdirSync(join(root, source)).filter((name) => name.endsWith('.java'))
  files.forEach((name) => sources.add(`${source}/${name}`))
  const list = files.map((name) => `- [${name}](./${name}.md)`).join('\n')
  write(sourcePage(source), `# ${source}\n\n${list}\n`)
}
for (const source of sources) {
  if (statSync(join(root, source)).isDirectory()) continue
  const code = readFileSync(join(root, source), 'utf8')
  write(sourcePage(source), `# ${basename(source)}\n\n\`${source}\`\n\n\`\`\`${extname(source).slice(1)}\n${code}\`\`\`\n`)
}
if (complaints.length > 0) {
  complaints.forEach((complaint) => console.error(complaint))
  process.exit(1)
}
