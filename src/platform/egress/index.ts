export {
  type Egress,
  type EgressAnswer,
  type EgressOptions,
  type EgressRequest,
  openEgress,
} from './egress.ts'
export { EgressFailed, EgressRefused } from './refusals.ts'
