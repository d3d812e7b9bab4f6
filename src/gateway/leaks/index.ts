export { type LeakDeps, type Leaks, openLeaks } from './report.ts'
