import { type Selectable, sql } from 'kysely'
import type { OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Organization, OrganizationType } from '../organizations/index.ts'
import type {
  Contract,
  ContractId,
  EndKind,
  ProductionRequest,
  RequestId,
  RequestState,
  RequestStateName,
  Side,
  Signature,
  Statements,
  Terms,
} from './model.ts'

type Tables = {
  production_requests: {
    id: string
    organization_id: string
    amends: string | null
    plan_id: string
    products: string[]
    note: string
    state: RequestStateName
    version: number
    reason: string | null
    contract_id: string | null
    created_at: string
    created_by: string
    moved_at: string
  }
  contracts: {
    id: string
    organization_id: string
    request_id: string | null
    amends: string | null
    kind: Contract['kind']
    state: Contract['state']
    plan_id: string | null
    products: string[]
    terms: unknown
    text: string
    text_hash: string
    offered_at: string
    offered_by: string | null
    partner_signed_at: string | null
    countersigned_at: string | null
    begins_at: string | null
    ends_at: string | null
    end_kind: EndKind | null
    end_reason: string | null
    attested_by: string | null
  }
  contract_signatures: {
    id: string
    contract_id: string
    organization_id: string
    side: Side
    person_id: string
    name: string
    title: string
    text_hash: string
    statements: unknown
    identity_method: 'password'
    address: string
    user_agent: string
    signed_at: string
  }
  contract_files: {
    contract_id: string
    organization_id: string
    copy: Side
    media_type: string
    bytes: Uint8Array
    sha256: string
    kept_at: string
  }
  contract_seal_keys: {
    id: string
    certificate: Uint8Array
    private_key_sealed: Uint8Array
    made_at: string
  }
  memberships: { organization_id: string; role: string }
  organizations: { id: string; name: string; type: OrganizationType; created_at: string }
}

const db = (tx: Tx) => tx.withTables<Tables>()
const moment = (instant: Instant) => new Date(instant).toISOString()
const instant = (text: string) => Date.parse(text) as Instant
const optional = <K extends string, T>(name: K, value: T | null): { readonly [key in K]?: T } =>
  (value === null ? {} : { [name]: value }) as { readonly [key in K]?: T }

/** Waits until nobody else acts on the requests and contracts of a company; held until the transaction ends. */
export async function lockCompany(tx: Tx, organizationId: OrganizationId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(
    current_schema() || '.contracts.' || ${organizationId}::text, 0))`.execute(tx)
}

/** @returns false when the company has an open request already */
export async function insertRequest(tx: Tx, request: ProductionRequest): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('production_requests')
    .values({
      id: request.id,
      organization_id: request.organizationId,
      amends: request.amends ?? null,
      plan_id: request.plan,
      products: [...request.products],
      note: request.note,
      state: request.state,
      version: request.version,
      reason: null,
      contract_id: null,
      created_at: moment(request.createdAt),
      created_by: request.createdBy,
      moved_at: moment(request.movedAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** What is asked for, in place of what was. */
export async function changeRequest(
  tx: Tx,
  { id, plan, products, note, version, movedAt, state }: ProductionRequest,
): Promise<void> {
  await db(tx)
    .updateTable('production_requests')
    .set({ plan_id: plan, products: [...products], note, version, state, moved_at: moment(movedAt) })
    .where('id', '=', id)
    .execute()
}

/** Puts a request into its next state, as its next version. */
export async function moveRequest(
  tx: Tx,
  { id, version }: Pick<ProductionRequest, 'id' | 'version'>,
  to: RequestState,
  at: Instant,
): Promise<void> {
  await db(tx)
    .updateTable('production_requests')
    .set({
      state: to.state,
      version: version + 1,
      moved_at: moment(at),
      ...('reason' in to && to.reason !== undefined ? { reason: to.reason } : {}),
      // The operator alone names it, and it stays named.
      ...(to.state === 'offered' ? { contract_id: to.contractId } : {}),
    })
    .where('id', '=', id)
    .execute()
}

export async function findRequest(tx: Tx, id: string): Promise<ProductionRequest | undefined> {
  const row = await db(tx)
    .selectFrom('production_requests')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && requestOf(row)
}

/** The newest first, a thousand at most; of the session's company, or of all for the operator. */
export async function findRequests(
  tx: Tx,
  states?: readonly RequestStateName[],
): Promise<readonly ProductionRequest[]> {
  const rows = await db(tx)
    .selectFrom('production_requests')
    .selectAll()
    .$if(states !== undefined, (query) => query.where('state', 'in', states ?? []))
    .orderBy('id', 'desc')
    .limit(1000)
    .execute()
  return rows.map(requestOf)
}

export async function insertContract(tx: Tx, contract: Contract, by: PersonId | undefined): Promise<void> {
  await db(tx)
    .insertInto('contracts')
    .values({
      id: contract.id,
      organization_id: contract.organizationId,
      request_id: contract.requestId ?? null,
      amends: contract.amends ?? null,
      kind: contract.kind,
      state: contract.state,
      plan_id: contract.plan ?? null,
      products: [...contract.products],
      terms: JSON.stringify(contract.terms),
      text: contract.text,
      text_hash: contract.textHash,
      offered_at: moment(contract.offeredAt),
      offered_by: by ?? null,
      partner_signed_at: null,
      countersigned_at: contract.countersignedAt === undefined ? null : moment(contract.countersignedAt),
      begins_at: contract.beginsAt === undefined ? null : moment(contract.beginsAt),
      ends_at: contract.endsAt === undefined ? null : moment(contract.endsAt),
      end_kind: null,
      end_reason: null,
      attested_by: contract.attestedBy ?? null,
    })
    .execute()
}

export async function markPartnerSigned(tx: Tx, id: ContractId, at: Instant): Promise<void> {
  await db(tx)
    .updateTable('contracts')
    .set({ state: 'partner-signed', partner_signed_at: moment(at) })
    .where('id', '=', id)
    .execute()
}

export async function markVoid(tx: Tx, id: ContractId): Promise<void> {
  await db(tx).updateTable('contracts').set({ state: 'void' }).where('id', '=', id).execute()
}

export async function markCountersigned(
  tx: Tx,
  id: ContractId,
  {
    at,
    beginsAt,
    endsAt,
  }: { readonly at: Instant; readonly beginsAt: Instant; readonly endsAt: Instant | undefined },
): Promise<void> {
  await db(tx)
    .updateTable('contracts')
    .set({
      state: 'countersigned',
      countersigned_at: moment(at),
      begins_at: moment(beginsAt),
      ends_at: endsAt === undefined ? null : moment(endsAt),
    })
    .where('id', '=', id)
    .execute()
}

export interface Ending {
  readonly endsAt: Instant
  readonly kind: EndKind
  readonly reason?: string
}

/** Says when a contract ends. One that has not begun by then never does. */
export async function markEnding(tx: Tx, id: ContractId, { endsAt, kind, reason }: Ending): Promise<void> {
  await sql`update contracts set ends_at = greatest(begins_at, ${moment(endsAt)}::timestamptz),
    end_kind = ${kind}, end_reason = ${reason ?? null} where id = ${id}`.execute(tx)
}

export async function findContract(tx: Tx, id: string): Promise<Contract | undefined> {
  const row = await db(tx).selectFrom('contracts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && contractOf(row)
}

/** The contract of this very text or file. */
export async function findByHash(tx: Tx, textHash: string): Promise<ContractId | undefined> {
  const row = await db(tx)
    .selectFrom('contracts')
    .select('id')
    .where('text_hash', '=', textHash)
    .executeTakeFirst()
  return row?.id as ContractId | undefined
}

/** The newest first, a thousand at most; of the session's company, or of all for the operator. */
export async function findContracts(tx: Tx): Promise<readonly Contract[]> {
  const rows = await db(tx).selectFrom('contracts').selectAll().orderBy('id', 'desc').limit(1000).execute()
  return rows.map(contractOf)
}

/** Those by which a company is in production at a moment, or will be. */
export async function findInForce(
  tx: Tx,
  organizationId: OrganizationId,
  now: Instant,
): Promise<readonly Contract[]> {
  const rows = await db(tx)
    .selectFrom('contracts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('state', '=', 'countersigned')
    .where((or) => or.or([or('ends_at', 'is', null), or('ends_at', '>', moment(now))]))
    .orderBy('begins_at')
    .execute()
  return rows.map(contractOf)
}

export async function insertSignature(tx: Tx, signature: Signature): Promise<void> {
  await db(tx)
    .insertInto('contract_signatures')
    .values({
      id: signature.id,
      contract_id: signature.contractId,
      organization_id: signature.organizationId,
      side: signature.side,
      person_id: signature.personId,
      name: signature.name,
      title: signature.title,
      text_hash: signature.textHash,
      statements: JSON.stringify(signature.statements),
      identity_method: signature.identityMethod,
      address: signature.address,
      user_agent: signature.userAgent,
      signed_at: moment(signature.signedAt),
    })
    .execute()
}

/** The partner's first. */
export async function findSignatures(tx: Tx, contractId: ContractId): Promise<readonly Signature[]> {
  const rows = await db(tx)
    .selectFrom('contract_signatures')
    .selectAll()
    .where('contract_id', '=', contractId)
    .orderBy('side', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id as Signature['id'],
    contractId: row.contract_id as ContractId,
    organizationId: row.organization_id as OrganizationId,
    side: row.side,
    personId: row.person_id as PersonId,
    name: row.name,
    title: row.title,
    textHash: row.text_hash,
    // Written by `insertSignature`.
    statements: row.statements as Statements,
    identityMethod: row.identity_method,
    address: row.address,
    userAgent: row.user_agent,
    signedAt: instant(row.signed_at),
  }))
}

export async function findOrganization(tx: Tx, id: OrganizationId): Promise<Organization> {
  const row = await db(tx)
    .selectFrom('organizations')
    .select(['name', 'type', 'created_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { id, name: row.name, type: row.type, createdAt: instant(row.created_at) }
}

/** Whether somebody of the company is its signatory. */
export async function hasSignatory(tx: Tx, organizationId: OrganizationId): Promise<boolean> {
  const row = await db(tx)
    .selectFrom('memberships')
    .select('role')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'signatory')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** A file as it is kept, byte for byte. */
export interface KeptFile {
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** Hexadecimal. */
  readonly sha256: string
}

/** Keeps a copy for each side. */
export async function insertFiles(
  tx: Tx,
  { id, organizationId }: Pick<Contract, 'id' | 'organizationId'>,
  { mediaType, bytes, sha256 }: KeptFile,
  at: Instant,
): Promise<void> {
  const row = { contract_id: id, organization_id: organizationId, media_type: mediaType, bytes, sha256 }
  await db(tx)
    .insertInto('contract_files')
    .values((['partner', 'operator'] as const).map((copy) => ({ ...row, copy, kept_at: moment(at) })))
    .execute()
}

export async function findFile(tx: Tx, contractId: ContractId, copy: Side): Promise<KeptFile | undefined> {
  const row = await db(tx)
    .selectFrom('contract_files')
    .select(['media_type', 'bytes', 'sha256'])
    .where('contract_id', '=', contractId)
    .where('copy', '=', copy)
    .executeTakeFirst()
  return row && { mediaType: row.media_type, bytes: row.bytes, sha256: row.sha256 }
}

/** The contract that a file is a copy of, by the file's SHA-256. */
export async function findByFile(tx: Tx, sha256: string): Promise<ContractId | undefined> {
  const row = await db(tx)
    .selectFrom('contract_files')
    .select('contract_id')
    .where('sha256', '=', sha256)
    .limit(1)
    .executeTakeFirst()
  return row?.contract_id as ContractId | undefined
}

/** What contracts are sealed with; its private half under the vault's seal. */
export interface KeptSealKey {
  readonly id: string
  readonly certificate: Uint8Array
  readonly sealed: Uint8Array
}

/** The key that seals: the first that was made. @param tx as worker */
export async function findSealKey(tx: Tx): Promise<KeptSealKey | undefined> {
  const row = await db(tx)
    .selectFrom('contract_seal_keys')
    .select(['id', 'certificate', 'private_key_sealed'])
    .orderBy('made_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row && { id: row.id, certificate: row.certificate, sealed: row.private_key_sealed }
}

export async function insertSealKey(
  tx: Tx,
  { id, certificate, sealed }: KeptSealKey,
  at: Instant,
): Promise<void> {
  await db(tx)
    .insertInto('contract_seal_keys')
    .values({ id, certificate, private_key_sealed: sealed, made_at: moment(at) })
    .execute()
}

/** Every certificate that contracts were sealed under, DER. */
export async function findCertificates(tx: Tx): Promise<readonly Uint8Array[]> {
  const rows = await db(tx).selectFrom('contract_seal_keys').select('certificate').orderBy('id').execute()
  return rows.map(({ certificate }) => certificate)
}

function requestOf(row: Selectable<Tables['production_requests']>): ProductionRequest {
  return {
    id: row.id as RequestId,
    organizationId: row.organization_id as OrganizationId,
    ...optional('amends', row.amends as ContractId | null),
    plan: row.plan_id,
    products: row.products,
    note: row.note,
    version: row.version,
    createdAt: instant(row.created_at),
    createdBy: row.created_by as PersonId,
    movedAt: instant(row.moved_at),
    ...stateOf(row),
  }
}

function stateOf({ state, contract_id, reason }: Selectable<Tables['production_requests']>): RequestState {
  switch (state) {
    case 'draft':
    case 'submitted':
    case 'in-review':
      return { state }
    case 'offered':
    case 'partner-signed':
    case 'countersigned':
      return { state, contractId: contract_id as ContractId }
    case 'declined':
      return { state, reason: reason ?? '' }
    case 'withdrawn':
      return { state, ...optional('reason', reason) }
  }
}

function contractOf(row: Selectable<Tables['contracts']>): Contract {
  const at = <K extends string>(name: K, text: string | null) =>
    optional(name, text === null ? null : instant(text))
  return {
    id: row.id as ContractId,
    organizationId: row.organization_id as OrganizationId,
    kind: row.kind,
    ...optional('requestId', row.request_id as RequestId | null),
    ...optional('amends', row.amends as ContractId | null),
    state: row.state,
    ...optional('plan', row.plan_id),
    products: row.products,
    // Written by `insertContract`, moments as numbers.
    terms: row.terms as Terms,
    text: row.text,
    textHash: row.text_hash,
    offeredAt: instant(row.offered_at),
    ...at('countersignedAt', row.countersigned_at),
    ...at('beginsAt', row.begins_at),
    ...at('endsAt', row.ends_at),
    ...optional('endKind', row.end_kind),
    ...optional('endReason', row.end_reason),
    ...optional('attestedBy', row.attested_by),
  }
}
