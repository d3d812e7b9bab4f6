export type { CannedAnswer } from './canned-inquiry.ts'
export type { Forced } from './force.ts'
export {
  ORGANIZATION_SCENARIOS,
  type OrganizationScenario,
  readScenario,
  SCENARIO_HEADER,
  type Scenario,
} from './scenarios.ts'
export { type SeedContext, type Seeded, seedSandbox } from './seed.ts'
export { openSimulator, type Simulator, type SimulatorDeps, type Steering } from './simulator.ts'
export { isTestId } from './test-ids.ts'
