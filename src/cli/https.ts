import https from 'node:https'
import tls from 'node:tls'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface Call {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * One call over TLS.
 *
 * @param ca PEM of an authority to trust besides the usual ones; undefined for those alone
 */
export function call(
  url: string,
  ca: string | undefined,
  { method, headers = {}, body }: Call = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      url,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        // The option stands in place of the usual authorities, so they are named again.
        ...(ca === undefined ? {} : { ca: [...tls.getCACertificates(), ca] }),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

export const JSON_BODY = { 'content-type': 'application/json' }
export const FORM_BODY = { 'content-type': 'application/x-www-form-urlencoded' }
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
export const basic = (clientId: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`,
})
