/**
 * Credentials in the words of AsyncAPI, which tells some schemes otherwise than OpenAPI.
 *
 * @module
 */
import type { SecurityRequirement, SecurityScheme } from "../openapi/document.ts";

/**
 * A scheme of OpenAPI as one of AsyncAPI; `undefined` for one that it has no words for. `base` is the
 * URL that relative ones start from: AsyncAPI takes absolute ones alone. Where there is none, what is
 * told of a token is how it is sent.
 */
export function schemeOf(scheme: SecurityScheme, base: string | undefined): object | undefined {
  const { type, description } = scheme;
  const told = typeof description === "string" ? { description } : {};
  const bearer = { type: "http", scheme: "bearer", ...told };
  switch (type) {
    case "apiKey":
      return { type: "httpApiKey", name: scheme["name"], in: scheme["in"], ...told };
    case "http": {
      const { scheme: name, bearerFormat } = scheme;
      const isToldFormat = name === "bearer" && bearerFormat !== undefined;
      return { type, scheme: name, ...(isToldFormat && { bearerFormat }), ...told };
    }
    case "openIdConnect": {
      const openIdConnectUrl = absolute(scheme["openIdConnectUrl"], base);
      return openIdConnectUrl === undefined ? bearer : { type, openIdConnectUrl, ...told };
    }
    case "oauth2": {
      const flows = flowsOf(scheme["flows"], base);
      return flows === undefined ? bearer : { type, flows, ...told };
    }
    default:
      return undefined;
  }
}

/** The flows, unless a URL of theirs is not known as a whole. */
function flowsOf(flows: unknown, base: string | undefined): Record<string, object> | undefined {
  const told: Record<string, object> = {};
  for (const [kind, { scopes = {}, ...urls }] of Object.entries(flows as Record<string, Flow>)) {
    const found = Object.entries(urls).map(([name, url]) => [name, absolute(url, base)] as const);
    if (found.some(([, url]) => url === undefined)) return undefined;
    told[kind] = { ...Object.fromEntries(found), availableScopes: scopes };
  }
  return told;
}

interface Flow {
  readonly scopes?: object;
  readonly [url: string]: unknown;
}

function absolute(url: unknown, base: string | undefined): string | undefined {
  return typeof url === "string" && URL.canParse(url, base) ? new URL(url, base).href : undefined;
}

/** What a socket asks for: AsyncAPI knows alternatives, and no credentials that go together. */
export function securityOf(
  requirements: readonly SecurityRequirement[],
  schemes: Readonly<Record<string, object>>,
): object[] {
  const asked = new Map(requirements.flatMap((each) => Object.entries(each)));
  return [...asked].flatMap(([name, scopes]) => {
    const scheme = schemes[name];
    if (scheme === undefined) return [];
    const hasScopes = scopes.length > 0 && "flows" in scheme;
    return [hasScopes ? { ...scheme, scopes } : { $ref: `#/components/securitySchemes/${name}` }];
  });
}
