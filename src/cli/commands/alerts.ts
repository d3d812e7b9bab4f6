import { type Command, required, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

interface Alert {
  readonly id: string
  readonly environment: string
  readonly kind: string
  readonly clientId: string
  readonly secretId?: string
  readonly organizationId: string
  readonly network?: string
  readonly at: string
  readonly acknowledgedAt?: string
}

export const listAlerts: Command = {
  words: 'alerts list',
  does: 'List what looked odd about credentials: unseen networks, refused addresses, leaked secrets.',
  options: { days: { type: 'string', means: 'how far back, 1 to 999; 7 when left out' } },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const days = options.days ?? '7'
    if (typeof days !== 'string' || !/^\d+$/.test(days)) throw new WrongUsage('--days is a whole number')
    const { alerts } = await askOperator<{ alerts: readonly Alert[] }>(
      dataDirectory,
      'GET',
      `/operator/alerts?days=${days}`,
    )
    if (asJson) out.write(`${JSON.stringify(alerts)}\n`)
    else if (alerts.length === 0) out.write('No alerts.\n')
    else
      out.write(
        `${columns([
          ['AT', 'ID', 'SEEN', 'ENVIRONMENT', 'KIND', 'CLIENT', 'SECRET', 'NETWORK', 'COMPANY'],
          ...alerts.map(
            ({ at, id, acknowledgedAt, environment, kind, clientId, secretId, network, organizationId }) => [
              `${at.slice(0, 16).replace('T', ' ')}Z`,
              id,
              acknowledgedAt === undefined ? 'no' : 'yes',
              environment,
              kind,
              clientId,
              secretId ?? '-',
              network ?? '-',
              organizationId,
            ],
          ),
        ])}\n`,
      )
    return 0
  },
}

export const acknowledgeAlert: Command = {
  words: 'alerts acknowledge',
  takes: 'ID',
  does: 'Put down that somebody has looked at an alert.',
  options: { environment: { type: 'string', means: 'sandbox or production' } },
  run: async ([alertId], options, { out, dataDirectory, asJson }) => {
    if (!alertId) throw new WrongUsage('the alert is needed, as listed: alr_…')
    const answer = await askOperator(dataDirectory, 'POST', '/operator/alerts/acknowledge', {
      environment: required(options, 'environment'),
      alertId,
    })
    out.write(asJson ? `${JSON.stringify(answer)}\n` : `${alertId} is put down as seen.\n`)
    return 0
  },
}
