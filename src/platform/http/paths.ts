import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'

interface Path {
  readonly pattern: RegExp
  readonly methods: Set<string>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every path that a route has, by its pattern. */
    readonly knownPaths: ReadonlyMap<string, Path>
  }
}

/** Remembers which paths exist, for those who ask one by another method. To be called before any route is added. */
export function rememberPaths(server: FastifyInstance): void {
  const paths = new Map<string, Path>()
  server.decorate('knownPaths', paths)
  server.addHook('onRoute', ({ url, method }) => {
    // A route for everything (a portal's pages) makes no path exist.
    if (url === '*' || url === '/*') return
    const path = paths.get(url) ?? { pattern: patternOf(url), methods: new Set() }
    for (const name of [method].flat()) path.methods.add(name)
    paths.set(url, path)
  })
}

/**
 * The problem of a request that no route answers: `request/method-not-allowed`, and `Allow` is set, where the path exists
 * for another method; else `request/no-such-path`.
 *
 * @see RFC 9110 section 15.5.6
 */
export function unansweredPath(request: FastifyRequest, reply: FastifyReply): Problem {
  const methods = methodsOf(request.server.knownPaths.values(), request.raw.url ?? '')
  if (methods.length === 0)
    return new Problem(
      'request/no-such-path',
      'No operation has this path. Compare it with the API reference, letter by letter.',
    )
  reply.header('allow', methods.join(', '))
  return new Problem('request/method-not-allowed', `This path answers ${methods.join(', ')}.`)
}

function methodsOf(paths: Iterable<Path>, url: string): readonly string[] {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  const methods = [...paths]
    .filter(({ pattern }) => pattern.test(path))
    .flatMap((found) => [...found.methods])
  return [...new Set(methods)].sort()
}

/** `/v1/authorizations/:id/events` as an expression: a parameter is one part of the path, a star is anything. */
function patternOf(route: string): RegExp {
  const source = route.replace(/::|:\w+(?:\([^)]*\))?\??|\*|[\\^$.|?+()[\]{}]/g, (found) => {
    if (found === '::') return ':'
    if (found.startsWith(':')) return '[^/]+'
    return found === '*' ? '.*' : `\\${found}`
  })
  return new RegExp(`^${source}$`)
}
