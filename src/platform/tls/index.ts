export { UnfitMaterial } from './material.ts'
export { openTls, type Tls, type TlsEvent, type TlsOptions } from './tls.ts'
