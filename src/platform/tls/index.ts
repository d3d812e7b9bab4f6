export { UnfitMaterial } from './material.ts'
export { mutualTls } from './mutual.ts'
export { makePartsAuthority, type Part } from './parts-authority.ts'
export { openTls, type Tls, type TlsEvent, type TlsOptions } from './tls.ts'
