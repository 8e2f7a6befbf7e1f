import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const pages = fileURLToPath(new URL('../pages/', import.meta.url))

// In the order of the guide's own table; packaging stands with processes
const GUIDE = {
  'Begin here': ['coming-from-threads', 'coming-from-python'],
  'Processes': ['processes', 'starting', 'classes-and-packaging'],
  'Between them': ['queues-and-pipes', 'connections', 'waiting', 'synchronisation', 'shared-memory', 'managers'],
  'Pools': ['pools', 'pool-failures', 'pool-options'],
  'Around': ['logging', 'programming-guidelines', 'threads-instead-of-processes', 'testing'],
  'In production': ['failures', 'deployment', 'performance'],
}
const DEPTH = ['layouts', 'synchronization', 'security', 'benchmarks/index', 'benchmarks/history', 'conformance', 'stress', 'contributing']

function title(page) {
  const first = readFileSync(`${pages}${page}.md`, 'utf8').match(/^# (.+)$/m)
  return first ? first[1].replaceAll('`', '').replace(/^\d+\. /, '') : page
}

function item(page) {
  return { text: title(page), link: `/${page.replace(/index$/, '')}` }
}

function markdownIn(folder) {
  return readdirSync(`${pages}${folder}`)
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .map((name) => name.replace('.md', ''))
    .sort()
}

function guide() {
  const shown = Object.values(GUIDE).flat()
  const forgotten = markdownIn('guide').filter((page) => !shown.includes(page))
  const groups = { ...GUIDE }
  if (forgotten.length > 0) groups['More'] = forgotten
  return [
    { text: 'The guide', link: '/guide/' },
    ...Object.entries(groups).map(([text, names]) => ({
      text,
      items: names.map((name) => item(`guide/${name}`)),
    })),
  ]
}

function depth() {
  return [
    { text: 'How it works', items: DEPTH.filter((page) => existsSync(`${pages}${page}.md`)).map(item) },
    {
      text: 'Decisions',
      collapsed: true,
      items: markdownIn('decisions').map((name) => {
        const page = item(`decisions/${name}`)
        return { ...page, text: `${parseInt(name)}. ${page.text}` }
      }),
    },
  ]
}

// Headings have the names by which GitHub links to them, which the pages use.
function slug(heading) {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
}

// A wide table scrolls by itself, not the page.
function scrollTables(md) {
  md.renderer.rules.table_open = () => '<div class="wide"><table tabindex="0">\n'
  md.renderer.rules.table_close = () => '</table></div>\n'
}

// Three processes, one behind the other.
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#c2410c">' +
  '<circle cx="6" cy="16" r="4"/><circle cx="16" cy="16" r="4"/><circle cx="26" cy="16" r="4"/></svg>'

export default defineConfig({
  title: 'Procession',
  description: 'Processes with the ease of threads, for Java',
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  base: process.env.SITE_BASE ?? '/',
  srcDir: 'pages',
  outDir: process.env.SITE_TARGET,
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    html: false,
    config: scrollTables,
    anchor: { slugify: slug },
    toc: { slugify: slug },
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/', activeMatch: '^/guide/' },
      { text: 'Benchmarks', link: '/benchmarks/' },
      { text: 'Inside', link: '/layouts', activeMatch: '^/(decisions|layouts|synchronization|security)' },
      { text: 'Changelog', link: '/changelog' },
      { text: 'Javadoc', link: `${process.env.SITE_BASE ?? '/'}api/index.html`, target: '_self' },
    ],
    sidebar: { '/guide/': guide(), '/sources/': guide(), '/': depth() },
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    docFooter: { prev: 'Before', next: 'Next' },
  },
})
