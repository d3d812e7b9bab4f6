// The peer: Fastify over TLS on the same Node, that reads a JSON body and answers as many bytes as a submission's answer.
import { readFile } from 'node:fs/promises'
import fastify from 'fastify'

const [certificateFile = '', keyFile = '', bytes = '0'] = process.argv.slice(2)
const answer = JSON.stringify({ x: 'x'.repeat(Math.max(1, Number(bytes) - '{"x":""}'.length)) })

const server = fastify({
  https: { cert: await readFile(certificateFile), key: await readFile(keyFile) },
})
server.post('/', async (_request, reply) => reply.type('application/json; charset=utf-8').send(answer))
const url = await server.listen({ host: '127.0.0.1', port: 0 })
process.send?.(url.replace('127.0.0.1', 'localhost'))
process.on('disconnect', () => process.exit())
