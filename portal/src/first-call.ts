import type { NewCredential } from './api.ts'

/** The credential as an environment file. */
export function envFile(credential: NewCredential): string {
  return [
    `# ${credential.environment} credential "${credential.label}"; ${
      credential.clientSecret === undefined ? 'it proves itself by its keys' : 'the secret is shown once'
    }`,
    `COUNTERSIGN_CLIENT_ID=${credential.clientId}`,
    ...(credential.clientSecret === undefined
      ? []
      : [`COUNTERSIGN_CLIENT_SECRET=${credential.clientSecret}`]),
    `COUNTERSIGN_TOKEN_URL=${credential.tokenUrl}`,
    `COUNTERSIGN_BASE_URL=${credential.baseUrl}`,
    '',
  ].join('\n')
}

const SAMPLE = {
  senderId: 'MYCOMPANY',
  submitterTransactionIdentifier: 'FIRST-CALL-1',
  payerId: 'QFHP1',
  payerName: 'Quillfeather Health Plan',
  requester: { requesterType: '1P', organizationName: 'Larkspur Ambulance', npi: '1234567893' },
  subscriber: { memberId: 'QF10001', lastName: 'Calloway', firstName: 'Wren', dateOfBirth: '19800229' },
  patientEventDetail: {
    requestCategoryCode: 'HS',
    certificationTypeCode: 'I',
    serviceTypeCode: '56',
    facilityTypeCode: '41',
    facilityCodeQualifier: 'B',
    eventDateBegin: '20270115',
    serviceLevel: [
      {
        professionalService: {
          productOrServiceIDQualifier: 'HC',
          procedureCode: 'A0428',
          unitOrBasisForMeasurementCode: 'UN',
          serviceUnitCount: '1',
        },
      },
    ],
  },
}

/** Two commands: a token, and a request that gets a decision. */
export function firstCall(
  credential: NewCredential & { readonly clientSecret: string },
  caFile: string | undefined,
): string {
  const trust = caFile ? ` --cacert ${caFile}` : ''
  return [
    `TOKEN=$(curl -s${trust} -u '${credential.clientId}:${credential.clientSecret}' \\`,
    `  -d grant_type=client_credentials ${credential.tokenUrl} \\`,
    `  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    '',
    `curl -s${trust} ${credential.baseUrl}/rcm/prior-authorization/v1/submission \\`,
    `  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(SAMPLE)}'`,
  ].join('\n')
}
