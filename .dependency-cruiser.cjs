// The walls of the house: who may import whom. Type-only imports count. `scripts/check-walls.ts` makes sure that it
// really read the tree.
const above = {
  kernel: [],
  core: ['kernel'],
  formats: ['core', 'kernel'],
  platform: ['kernel'],
  audit: ['platform', 'kernel'],
  cases: ['audit', 'platform', 'core', 'kernel'],
  utilization: ['cases', 'audit', 'platform', 'core', 'kernel'],
  gateway: ['utilization', 'cases', 'audit', 'formats', 'platform', 'core', 'kernel'],
  partners: ['gateway', 'audit', 'platform', 'kernel'],
}
const sees = Object.entries(above).map(([room, may]) => ({
  name: `${room}-looks-down-only`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: '[.]test[.]ts$' },
  to: { path: '^src/', pathNot: `^src/(${[room, ...may].join('|')})/` },
}))
const wings = '(partners|gateway|utilization|cases)'
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...sees,
    {
      name: 'pure-rooms-import-no-package',
      severity: 'error',
      from: { path: '^src/(kernel|core|formats)/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      // An address that somebody else chose is asked by platform/egress alone, which looks where it leads.
      name: 'one-way-out',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '[.]test[.]ts$|^src/(platform/(egress|http|tls)|cli)/|^src/gateway/administration/remote[.]ts$',
      },
      to: { path: '^(node:)?(http|https|http2|dns|dns/promises)$', dependencyTypes: ['core'] },
    },
    {
      name: 'slices-by-the-front-door',
      severity: 'error',
      from: { path: `^src/${wings}/([^/]+)/` },
      to: { path: `^src/${wings}/[^/]+/`, pathNot: ['^src/$1/$2/', `^src/${wings}/[^/]+/index[.]ts$`] },
    },
    {
      name: 'app-enters-by-the-front-door',
      severity: 'error',
      from: { path: '^src/app/' },
      to: { path: `^src/${wings}/[^/]+/`, pathNot: `^src/${wings}/[^/]+/(index|routes)[.]ts$` },
    },
    {
      name: 'nothing-lies-loose-in-a-wing',
      severity: 'error',
      from: {},
      to: { path: `^src/${wings}/[^/]+[.]ts$` },
    },
    {
      name: 'partners-enter-the-gateway-by-administration',
      severity: 'error',
      from: { path: '^src/partners/' },
      to: { path: '^src/gateway/', pathNot: '^src/gateway/administration/index[.]ts$' },
    },
    {
      name: 'every-room-is-on-the-plan',
      severity: 'error',
      from: {},
      to: {
        path: '^src/',
        pathNot: '^src/(kernel|core|formats|platform|audit|cases|utilization|gateway|partners|app|cli)/',
      },
    },
    {
      name: 'one-codec-knows-no-other',
      severity: 'error',
      from: { path: '^src/formats/([^/]+)/' },
      to: { path: '^src/formats/[^/]+/', pathNot: '^src/formats/$1/' },
    },
    {
      name: 'cli-is-a-client',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: `^src/(app|platform|audit|cases|partners|gateway|utilization)/`, pathNot: '/wire[.]ts$' },
    },
    {
      name: 'portal-speaks-http',
      severity: 'error',
      from: { path: '^portal/' },
      to: { path: '^src/', pathNot: '/wire[.]ts$' },
    },
    {
      name: 'portal-takes-types-alone',
      severity: 'error',
      from: { path: '^portal/' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
  },
}
