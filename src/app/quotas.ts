import { POLICIES, type PolicyName, type Quotas } from '../gateway/limits/index.ts'
import type { Config } from './config.ts'

/** The quotas as the settings have them. */
export function quotasOf(config: Config): Quotas {
  const perMinute: Readonly<Record<string, number>> = {
    LIMIT_CALLS_PER_MINUTE: config.limitCalls,
    LIMIT_TOKENS_PER_MINUTE: config.limitTokens,
    LIMIT_FAILURES_PER_MINUTE: config.limitFailures,
    LIMIT_REFUSALS_PER_MINUTE: config.limitRefusals,
    LIMIT_LEAK_REPORTS_PER_MINUTE: config.limitLeakReports,
  }
  const quotas: Partial<Record<PolicyName, number>> = {}
  for (const [name, { setting, times, quota }] of Object.entries(POLICIES))
    quotas[name as PolicyName] = (perMinute[setting] ?? quota / times) * times
  return quotas
}
