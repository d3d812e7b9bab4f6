import type { ProcessingMode, RuleVersion } from './model.ts'

export const SOAP = 'http://www.w3.org/2003/05/soap-envelope'
/** SOAP 1.1, which the rule does not have. */
export const SOAP_1_1 = 'http://schemas.xmlsoap.org/soap/envelope/'
export const XOP = 'http://www.w3.org/2004/08/xop/include'
export const WS_SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'

/** @see CAQH CORE 270 section 4.2.1, CAQH CORE 470 section 4.2 */
export const NAMESPACES: Readonly<Record<RuleVersion, string>> = {
  '2.2.0': 'http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd',
  '4.0.0': 'http://www.caqh.org/SOAP/WSDL/CORERule4.0.0.xsd',
}

/** What stands in the body of a SOAP message, and the action that names it. */
export const ELEMENTS: Readonly<
  Record<ProcessingMode, { readonly request: string; readonly response: string; readonly action: string }>
> = {
  RealTime: {
    request: 'COREEnvelopeRealTimeRequest',
    response: 'COREEnvelopeRealTimeResponse',
    action: 'RealTimeTransaction',
  },
  Batch: {
    request: 'COREEnvelopeBatchSubmission',
    response: 'COREEnvelopeBatchSubmissionResponse',
    action: 'BatchSubmitTransaction',
  },
}

export function versionOf(namespace: string): RuleVersion | undefined {
  return (Object.keys(NAMESPACES) as RuleVersion[]).find((version) => NAMESPACES[version] === namespace)
}
