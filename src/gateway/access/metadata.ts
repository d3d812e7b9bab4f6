import { ALGORITHMS, SCOPES } from '../clients/index.ts'
import { METHOD_NAMES } from './authentication/index.ts'

export const PATHS = {
  token: '/oauth2/token',
  jwks: '/oauth2/jwks',
  revocation: '/oauth2/revoke',
  introspection: '/oauth2/introspect',
  authorizationServer: '/.well-known/oauth-authorization-server',
  protectedResource: '/.well-known/oauth-protected-resource',
  smartConfiguration: '/fhir/R4/.well-known/smart-configuration',
} as const

/** @see RFC 8414 section 2 */
export function authorizationServerMetadata(issuer: string, resource: string): object {
  return {
    issuer,
    token_endpoint: issuer + PATHS.token,
    token_endpoint_auth_methods_supported: METHOD_NAMES,
    token_endpoint_auth_signing_alg_values_supported: Object.keys(ALGORITHMS),
    revocation_endpoint: issuer + PATHS.revocation,
    revocation_endpoint_auth_methods_supported: METHOD_NAMES,
    introspection_endpoint: issuer + PATHS.introspection,
    introspection_endpoint_auth_methods_supported: METHOD_NAMES,
    jwks_uri: issuer + PATHS.jwks,
    grant_types_supported: ['client_credentials'],
    // There is no authorization endpoint. The member is required, so an empty list is said rather than nothing.
    response_types_supported: [],
    scopes_supported: Object.keys(SCOPES),
    // RFC 9728 section 4
    protected_resources: [resource],
  }
}

/** @see RFC 9728 section 2 */
export function protectedResourceMetadata(issuer: string, resource: string): object {
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: Object.keys(SCOPES),
    bearer_methods_supported: ['header'],
    resource_name: 'Countersign prior authorization API',
  }
}

/**
 * What SMART clients read first. Only backend services come here, systems that act on their own: without people who log
 * in there is no `authorization_endpoint`, no code and so no code challenge. `issuer` is left out, as it would say that
 * OpenID Connect is spoken here.
 *
 * @see SMART App Launch 2.2 "Backend Services" and ".well-known/smart-configuration"
 */
export function smartConfiguration(issuer: string): object {
  return {
    token_endpoint: issuer + PATHS.token,
    token_endpoint_auth_methods_supported: METHOD_NAMES,
    token_endpoint_auth_signing_alg_values_supported: Object.keys(ALGORITHMS),
    grant_types_supported: ['client_credentials'],
    scopes_supported: Object.keys(SCOPES),
    jwks_uri: issuer + PATHS.jwks,
    capabilities: ['client-confidential-asymmetric'],
  }
}
