import { bytesOf } from './bytes.ts'
import { envelope } from './encode.ts'
import type { Message } from './model.ts'
import { SOAP } from './names.ts'
import type { SoapRefusal } from './open-soap.ts'
import { escapeXml } from './xml/write-xml.ts'

/** A SOAP fault: what the message was refused for, in words. @see SOAP 1.2 Part 1 section 5.4 */
export function encodeSoapFault({ code, faults, notUnderstood }: SoapRefusal): Message {
  const reason = faults.map(({ at, message }) => (at === '' ? message : `${at}: ${message}`)).join('; ')
  const blocks = (notUnderstood ?? []).map(
    ({ namespace, name }) =>
      `<soap:NotUnderstood qname="n:${escapeXml(name)}" xmlns:n="${escapeXml(namespace)}"/>`,
  )
  const upgrade = `<soap:Upgrade><soap:SupportedEnvelope qname="soap:Envelope" xmlns:soap="${SOAP}"/></soap:Upgrade>`
  const fault = `<soap:Fault><soap:Code><soap:Value>soap:${code}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">${escapeXml(reason)}</soap:Text></soap:Reason></soap:Fault>`
  return {
    contentType: 'application/soap+xml; charset=utf-8',
    body: bytesOf(envelope(fault, code === 'VersionMismatch' ? upgrade : blocks.join(''))),
  }
}

/** The HTTP status that goes with it. @see SOAP 1.2 Part 2 section 7.5.2.2, table 20 */
export const soapFaultStatus = ({ code }: Pick<SoapRefusal, 'code'>): number =>
  code === 'Sender' ? 400 : 500
