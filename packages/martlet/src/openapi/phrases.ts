/**
 * What people call the statuses of answers (RFC 9110 section 15).
 *
 * @module
 */

const phrases: Readonly<Record<string, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  203: "Non-authoritative information",
  204: "No content",
  205: "Reset content",
  206: "Partial content",
  207: "Multi-status",
  300: "Multiple choices",
  301: "Moved permanently",
  302: "Found",
  303: "See other",
  304: "Not modified",
  307: "Temporary redirect",
  308: "Permanent redirect",
  400: "Bad request",
  401: "Unauthorized",
  402: "Payment required",
  403: "Forbidden",
  404: "Not found",
  406: "Not acceptable",
  409: "Conflict",
  410: "Gone",
  412: "Precondition failed",
  413: "Content too large",
  415: "Unsupported media type",
  422: "Unprocessable content",
  428: "Precondition required",
  429: "Too many requests",
  500: "Internal server error",
  501: "Not implemented",
  502: "Bad gateway",
  503: "Service unavailable",
  504: "Gateway timeout",
  default: "Any other answer",
};

const classes: Readonly<Record<string, string>> = {
  2: "Success",
  3: "Redirection",
  4: "Client error",
  5: "Server error",
};

/** What a status is called: `"404"`, `"4XX"` or `"default"`. */
export function phraseOf(status: string | number): string {
  return phrases[status] ?? classes[String(status).charAt(0)] ?? "Information";
}

/** `"listArticles"` gives `"List articles"`. */
export function sentence(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
