import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Leaks } from './report.ts'

const LARGEST_REPORT_BYTES = 64 * 1024

export interface LeakRoutesDeps {
  readonly leaks: Pick<Leaks, 'report'>
  /** Turns away an address that reports too much. @throws Problem `request/too-many` */
  readonly limit?: (request: FastifyRequest) => Promise<void>
}

/**
 * `POST /leaks`: whoever finds a secret of ours may hand it in, without proving who they are. Any text, of any media type,
 * up to 64 KiB.
 *
 * The answer is the same whatever was handed in, and given before anything is looked up, so that neither it nor the time
 * it takes tells whether a secret is one.
 */
export const leakRoutes =
  ({ leaks, limit }: LeakRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    // What is JSON, and whether it is, does not matter: a secret is found in the text by its form.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    app.post<{ Body: string | undefined }>('/leaks', {
      bodyLimit: LARGEST_REPORT_BYTES,
      ...(limit && { onRequest: limit }),
      handler: async (_request, reply) =>
        reply.code(202).header('cache-control', 'no-store').send({ received: true }),
      // After the answer, or after the caller has gone away without waiting for it.
      onResponse: async (request, reply) => {
        if (reply.statusCode === 202) leaks.report(request.body ?? '')
      },
    })
  }
