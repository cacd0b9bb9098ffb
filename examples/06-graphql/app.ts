/**
 * GraphQL beside the routes of an application: one endpoint for queries, mutations and subscriptions,
 * whose resolvers get what dependencies make.
 *
 * @module
 */
import {
  Answer,
  bytes,
  dependency,
  get,
  martlet,
  post,
  request,
  signal,
  Unauthorized,
  type ValueOf,
} from "martlet";
import { apiKey } from "martlet/auth";
import { createPubSub, createSchema, createYoga } from "graphql-yoga";

/** The caller. Nobody else asks anything: credentials come before the query is looked at. */
const caller = dependency(
  { security: { key: apiKey({ header: "x-api-key" }) }, throws: [Unauthorized] },
  ({ key }) => (key === "key-of-ann" ? { name: "ann" } : new Unauthorized()),
);

interface Note {
  readonly text: string;
  readonly by: string;
}

/** The notes, and the news of them. */
const board = dependency({ scope: "app" }, () => ({
  notes: [] as Note[],
  news: createPubSub<{ added: [note: Note] }>(),
}));

/** What resolvers get: the values of dependencies. */
interface Context {
  readonly caller: ValueOf<typeof caller>;
  readonly board: ValueOf<typeof board>;
}

const schema = createSchema<Context>({
  typeDefs: /* GraphQL */ `
    type Note {
      text: String!
      by: String!
    }
    type Query {
      notes: [Note!]!
    }
    type Mutation {
      add(text: String!): Note!
    }
    type Subscription {
      added: Note!
    }
  `,
  resolvers: {
    Query: { notes: (_root, _args, { board }) => board.notes },
    Mutation: {
      add: (_root, { text }: { text: string }, { board, caller }) => {
        const note = { text, by: caller.name };
        board.notes.push(note);
        board.news.publish("added", note);
        return note;
      },
    },
    Subscription: {
      added: {
        subscribe: (_root, _args, { board }) => board.news.subscribe("added"),
        resolve: (note: Note) => note,
      },
    },
  },
});

const yoga = createYoga<Context>({ schema, cors: false, multipart: false, logging: false });

const use = { request, signal, caller, board };

interface Asked extends Context {
  readonly request: ValueOf<typeof request>;
  readonly signal: AbortSignal;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** Asks GraphQL, in the words of the web. A subscription is a stream, and ends with its client. */
async function ask({ request, signal, body, ...context }: Asked): Promise<Answer> {
  const headers = new Headers({ accept: request.header("accept") ?? "application/json" });
  if (body !== undefined) headers.set("content-type", "application/json");
  const url = `http://localhost/graphql?${request.search}`;
  const init = { method: request.method, headers, signal, ...(body && { body }) };
  const response = await yoga.fetch(new Request(url, init), context);
  return new Answer(response.status, Object.fromEntries(response.headers), response.body);
}

/** The application. */
export const app = martlet({
  read: get("/graphql", { use, hidden: true }, ask),
  // Only JSON: a form of another site can send anything else in the name of a user.
  write: post("/graphql", { use, hidden: true, body: bytes({ types: ["application/json"] }) }, ask),
});
