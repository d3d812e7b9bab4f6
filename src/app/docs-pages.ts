import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

/** What of the documentation is served. `problems` is where the `type` of every problem leads to. */
const PAGES = ['quickstart.md']
const FOLDERS = ['problems', 'reference', 'guides', 'security']

/**
 * Serves the pages of the documentation as they are written, each at `/docs/<its path>`, with and without `.md`; that of
 * a folder at the folder's name. A browser gets plain text, which it shows; everybody else is told that it is Markdown.
 *
 * Which pages there are is found out here, once, and each becomes a route: nothing of a request ever becomes the name of
 * a file.
 *
 * @param directory the folder `docs`
 */
export async function docsPages(directory: string): Promise<FastifyPluginAsync> {
  const found = await Promise.all(FOLDERS.map((folder) => pagesBelow(directory, folder)))
  const pages = await Promise.all(
    [...PAGES, ...found.flat()].map(async (path) => ({
      paths: [path, path.replace(/(?:\/README)?\.md$/, '')].map((name) => `/docs/${name}`),
      text: await readFile(join(directory, path), 'utf8'),
    })),
  )
  return async (server) => {
    for (const { paths, text } of pages)
      for (const path of paths) server.get(path, (request, reply) => sendPage(text, request, reply))
  }
}

function sendPage(text: string, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isBrowser = headers.accept?.includes('text/html') ?? false
  return reply
    .header('cache-control', 'public, max-age=300')
    .header('vary', 'accept')
    .type(isBrowser ? 'text/plain; charset=utf-8' : 'text/markdown; charset=utf-8')
    .send(text)
}

/** @returns their paths below `directory`, such as `problems/request/invalid.md` */
async function pagesBelow(directory: string, folder: string): Promise<readonly string[]> {
  const names = await readdir(join(directory, folder), { recursive: true })
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name))
}
