/**
 * The types of `@whatwg-node/fetch`, which graphql-yoga's are made of, in those of Node: its own would
 * bring the browser's in, for all of the repository.
 *
 * @module
 */

/** A response of the web. */
export const Response: typeof globalThis.Response;

/** What a runtime has of the web. */
export function createFetch(): typeof globalThis;
