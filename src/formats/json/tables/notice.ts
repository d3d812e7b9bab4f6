/** What a notice of admission says: `POST /noa`. @see reference section 2.4 */
import { oneOf } from '../forms.ts'
import { group, leaf, type Row, type Table } from '../table.ts'
import { REQUESTER_KINDS } from '../words.ts'
import { CARRIER_ASSIGNED, REQUESTER_NUMBERS } from './parts.ts'
import { REQUESTER, SUBMISSION } from './submission.ts'

/** Who tells: the fields of a requester, in the loop that comes first in a notice. */
const SENDER: Table = REQUESTER.filter(({ field }) => field !== 'requesterType').map(inFirstLoop)
const NUMBERS = group('requesterIdentification', '', [...REQUESTER_NUMBERS, CARRIER_ASSIGNED])

function inFirstLoop(row: Row): Row {
  return row.is === 'leaf' ? { ...row, x12: row.x12.replace('2010B', '2010A') } : row
}

/** Where a notice differs from a submission. The schema is the same; the example and the mapping page have `source`. */
const OWN: Readonly<Record<string, Table>> = {
  payerId: [leaf('payerId', 'payer.id', '2010B NM109', 80)],
  payerName: [leaf('payerName', 'payer.name', '2010B NM103', 60)],
  requester: [
    group('source', 'source', [
      leaf('sourceType', 'kind', '2010A NM101', oneOf(REQUESTER_KINDS)),
      ...SENDER,
      NUMBERS,
    ]),
    group('requester', 'requester', [
      leaf('requesterType', 'kind', '2010A NM101', oneOf(REQUESTER_KINDS)),
      ...SENDER,
      NUMBERS,
    ]),
  ],
}

/** Everything a notice may hold. */
export const NOTICE: Table = SUBMISSION.flatMap((row) => OWN[row.field] ?? [row])
