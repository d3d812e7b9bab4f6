import { join } from 'node:path'
import { firstPepper, secretsByPepper } from '../gateway/clients/index.ts'
import { hasSigningKey } from '../gateway/signing-keys/index.ts'
import type { Environment } from '../kernel/actor.ts'
import { systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/database/index.ts'
import type { Egress } from '../platform/egress/index.ts'
import {
  CannotUnseal,
  KeyFileUnfit,
  openPeppers,
  openVault,
  type Peppers,
  secureRandom,
  type Vault,
} from '../platform/secrets/index.ts'
import type { Logger } from '../platform/telemetry/index.ts'
import type { Config } from './config.ts'
import { type Gateway, openGateway } from './gateway.ts'
import type { ListenerAddress, ListenerName } from './listeners.ts'
import { quotasOf } from './quotas.ts'
import { VERSION } from './version.ts'

export interface EnvironmentDeps {
  readonly config: Config
  readonly database: Database
  /** The folder of key files. */
  readonly keys: string
  readonly addresses: Readonly<Record<ListenerName, ListenerAddress>>
  readonly egress: Egress
  readonly logger: Logger
}

/**
 * Opens one environment with its own keys, and reads nothing of the other's.
 *
 * @throws KeyFileUnfit naming the file
 */
export async function openEnvironment(
  environment: Environment,
  { config, database, keys, addresses, egress, logger }: EnvironmentDeps,
): Promise<Gateway> {
  const keyFile = join(keys, `${environment}.key`)
  const vault = await openEnvironmentVault(keyFile, database)
  return openGateway({
    environment,
    database,
    vault,
    peppers: await openEnvironmentPeppers(join(keys, `${environment}.peppers`), vault, database),
    clock: systemClock,
    random: secureRandom,
    url: addresses[environment].url,
    portalUrl: addresses.portal.url,
    otherUrl: addresses[environment === 'sandbox' ? 'production' : 'sandbox'].url,
    version: VERSION,
    quotas: quotasOf(config),
    fetcher: egress,
    egress,
    onFailure: (error) => logger.error({ environment, err: error }, 'work after an answer failed'),
    onAlert: ({ kind, id, clientId, secretId, organizationId }) =>
      logger.warn(
        { environment, alert: id, kind, clientId, secretId, organizationId },
        'a credential needs to be looked at',
      ),
    signingKeyDays: config.signingKeyDays,
  }).catch((error: unknown) => {
    if (!(error instanceof CannotUnseal)) throw error
    throw new KeyFileUnfit(
      `The key file ${keyFile} is not the one that the database was sealed with. Put the right one back from your backup.`,
    )
  })
}

/** A key is made for a database that holds nothing yet; for any other, its own key must be there. */
async function openEnvironmentVault(file: string, database: Database): Promise<Vault> {
  const isUsed = await database.transaction({ role: 'worker' }, hasSigningKey)
  return openVault(file, secureRandom, !isUsed)
}

async function openEnvironmentPeppers(file: string, vault: Vault, database: Database): Promise<Peppers> {
  const now = systemClock.now()
  const needed = await database.transaction({ role: 'staff' }, (tx) => secretsByPepper(tx, now))
  return openPeppers({ file, first: firstPepper(vault, now), random: secureRandom }, needed.keys())
}
