import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { dependency, get, InvalidInput, martlet, post, problem, router } from "martlet";
import {
  type AlwaysPossible,
  client,
  type Client,
  type DataOf,
  type InvalidInputBody,
  type Json,
  type ProblemBody,
  type ProblemOf,
  type UnexpectedAnswer,
  type Unreachable,
} from "martlet/client";
import type { app } from "./shop.ts";

type Api = Client<typeof app>;
type Answer<Call extends (...args: never[]) => unknown> = Awaited<ReturnType<Call>>;
type Own<Call extends (args: never) => Promise<{ readonly ok: boolean }>> = Exclude<
  ProblemOf<Call>,
  AlwaysPossible
>;

/** Never called: what stands in it is checked, not run. */
function unrun(_work: (api: Api) => unknown): void {}

describe("the type of a client", () => {
  test("has the routes and routers, and nothing else that a module exports", () => {
    expectTypeOf<keyof Api>().toEqualTypeOf<
      "ping" | "items" | "echo" | "login" | "upload" | "answers"
    >();
    expectTypeOf<keyof Api["items"]>().toEqualTypeOf<
      "list" | "read" | "update" | "create" | "remove" | "stock"
    >();
    // @ts-expect-error Property 'updat' does not exist
    unrun((api) => api.items.updat);
  });

  test("asks for what a route needs, and for no more", () => {
    expectTypeOf<Parameters<Api["ping"]>["length"]>().toEqualTypeOf<0 | 1 | 2>();
    unrun((api) => [
      api.ping(),
      api.ping({}),
      api.items.list(),
      api.items.list({ limit: 3 }),
      api.items.list({ limit: undefined }, { signal: AbortSignal.timeout(1) }),
      api.items.update({ id: 7, body: {} }),
    ]);
    // @ts-expect-error an argument object is expected
    unrun((api) => api.items.update());
    // @ts-expect-error Property 'body' is missing
    unrun((api) => api.items.update({ id: 7 }));
    // @ts-expect-error 'idd' does not exist
    unrun((api) => api.items.read({ idd: 7 }));
    // @ts-expect-error string is not assignable to number
    unrun((api) => api.items.read({ id: "7" }));
    // @ts-expect-error 'limitt' does not exist
    unrun((api) => api.items.list({ limitt: 3 }));
    // @ts-expect-error a route without arguments takes none
    unrun((api) => api.ping({ id: 7 }));
    // @ts-expect-error Property 'name' is missing
    unrun((api) => api.items.create({ body: { id: 1, price: 1 } }));
    // @ts-expect-error 'signall' does not exist
    unrun((api) => api.ping({}, { signall: undefined }));
  });

  test("leaves out credentials, cookies and what dependencies give", () => {
    expectTypeOf<Parameters<Api["items"]["update"]>[0]>().toEqualTypeOf<{
      id: number;
      body: { name?: string | undefined; price?: number | undefined; note?: string | undefined };
      ifMatch?: string | undefined;
      xTenant?: string | undefined;
    }>();
  });

  test("asks for the files of a form", () => {
    expectTypeOf<Parameters<Api["upload"]>[0]>().toEqualTypeOf<{
      title: string;
      more?: readonly Blob[] | undefined;
      photo?: Blob | undefined;
    }>();
  });

  test("tells success from failure by `ok`, outcomes by `status`", () => {
    const take = (answer: Answer<Api["items"]["create"]>): void => {
      if (!answer.ok) return;
      expectTypeOf(answer.status).toEqualTypeOf<201 | 202>();
      expectTypeOf(answer.headers).toEqualTypeOf<Headers>();
      if (answer.status === 202) expectTypeOf(answer.data).toEqualTypeOf<{ position: number }>();
      else expectTypeOf(answer.data.price).toEqualTypeOf<number>();
      // @ts-expect-error Property 'prize' does not exist
      void answer.data.prize;
    };
    void take;
    // @ts-expect-error there are only data once `ok` is known
    unrun(async (api) => (await api.ping()).data);
    expectTypeOf<DataOf<Api["items"]["remove"]>>().toEqualTypeOf<undefined>();
    expectTypeOf<DataOf<Api["answers"]["cached"]>>().toEqualTypeOf<string | undefined>();
    expectTypeOf<DataOf<Api["ping"]>>().toEqualTypeOf<unknown>();
  });

  test("has the problems of a route, of its dependencies and of the routers around it", () => {
    expectTypeOf<Own<Api["items"]["update"]>["code"]>().toEqualTypeOf<
      "item-not-found" | "out-of-stock" | "tenant-unknown" | "maintenance"
    >();
    expectTypeOf<Own<Api["items"]["stock"]["read"]>["code"]>().toEqualTypeOf<
      "tenant-unknown" | "maintenance"
    >();
    expectTypeOf<Own<Api["ping"]>>().toEqualTypeOf<never>();
  });

  test("narrows a problem by its code, members and all", () => {
    const take = ({ error }: Extract<Answer<Api["items"]["update"]>, { ok: false }>): string => {
      if (error.code === "item-not-found") {
        expectTypeOf(error.id).toEqualTypeOf<number>();
        expectTypeOf(error.status).toEqualTypeOf<404>();
        return error.title;
      }
      if (error.code === "tenant-unknown") return error.tenant;
      if (error.code === "maintenance") return error.until;
      if (error.code === "invalid-input") return String(error.errors[0]?.loc[0]);
      if (error.code === "unreachable") {
        expectTypeOf(error.reason).toEqualTypeOf<"network" | "timeout" | "aborted">();
        return String(error.cause);
      }
      if (error.code === "unexpected-answer") {
        expectTypeOf(error.body).toEqualTypeOf<unknown>();
        expectTypeOf(error.status).toEqualTypeOf<number>();
      }
      return error.detail ?? "";
    };
    void take;
  });

  test("does not compile a switch that forgets a code", () => {
    type Code = ProblemOf<Api["items"]["read"]>["code"];
    const texts: Record<Exclude<Code, AlwaysPossible["code"]>, string> = {
      "item-not-found": "",
      "tenant-unknown": "",
      maintenance: "",
    };
    const take = (code: keyof typeof texts): string => {
      // @ts-expect-error Function lacks ending return statement: "maintenance" is forgotten
      const tell = (): string => {
        // oxlint-disable-next-line typescript/switch-exhaustiveness-check
        switch (code) {
          case "item-not-found":
          case "tenant-unknown":
            return texts[code];
        }
      };
      return tell();
    };
    void take;
    expectTypeOf<ProblemOf<Api["ping"]>>().toEqualTypeOf<AlwaysPossible>();
    expectTypeOf<Extract<AlwaysPossible, { status: 422 }>>().toExtend<InvalidInputBody>();
    expectTypeOf<Unreachable | UnexpectedAnswer>().toExtend<AlwaysPossible>();
  });

  test("has a problem once that is always possible and declared, too", () => {
    const strict = dependency({ throws: [InvalidInput] }, () => 1);
    const Again = problem(404, "not-found");
    const route = get("/", { use: { strict }, throws: [Again] }, () => 1);
    const other = martlet({ route });
    const api = client<typeof other>("");
    expectTypeOf<ProblemOf<typeof api.route>["code"]>().toEqualTypeOf<AlwaysPossible["code"]>();
    expectTypeOf<Extract<ProblemOf<typeof api.route>, { code: "not-found" }>>().toEqualTypeOf<
      ProblemBody<404, "not-found">
    >();
  });

  test("does not promise an outcome that arrives as a failure", () => {
    const Found = z.object({ a: z.int() });
    const route = get("/", { returns: { 200: Found, 404: Found } }, () => null as never);
    const other = martlet({ route });
    const api = client<typeof other>("");
    expectTypeOf<Extract<Answer<typeof api.route>, { ok: true }>["status"]>().toEqualTypeOf<200>();
  });

  test("merges what nested routers ask for and may answer", () => {
    const Inner = problem(418, "inner");
    const Outer = problem(419, "outer");
    const route = post("/", { query: { own: z.string() } }, () => 1);
    const inner = router("/i", { route }, { query: { inner: z.int() }, throws: [Inner] });
    const outer = router("/o", { inner }, { query: { outer: z.boolean() }, throws: [Outer] });
    const other = martlet({ outer });
    const api = client<typeof other>("");
    expectTypeOf<Parameters<typeof api.outer.inner.route>[0]>().toEqualTypeOf<{
      own: string;
      inner: number;
      outer: boolean;
    }>();
    expectTypeOf<Own<typeof api.outer.inner.route>["code"]>().toEqualTypeOf<"inner" | "outer">();
  });
});

describe("a type that comes through JSON", () => {
  test("keeps what JSON keeps", () => {
    interface Plain {
      readonly id: number;
      readonly names: readonly string[];
      readonly pair: [string, number];
      readonly inner: { deep: boolean | null } | null;
      readonly kind: "a" | "b";
      readonly more: Record<string, { n: number }>;
      readonly what: unknown;
      note?: string | undefined;
    }
    expectTypeOf<Json<Plain>>().toEqualTypeOf<Plain>();
    type Branded = string & { readonly brand: "id" };
    expectTypeOf<Json<Branded>>().toEqualTypeOf<Branded>();
  });

  test("has text for dates, and nothing for functions", () => {
    expectTypeOf<
      Json<{ at: Date; on?: Date; list: Date[]; run: () => void; url: URL; big: bigint }>
    >().toEqualTypeOf<{
      at: string;
      on?: string;
      list: string[];
      run: undefined;
      url: string;
      big: bigint;
    }>();
    expectTypeOf<Json<unknown>>().toEqualTypeOf<unknown>();
  });

  test("may be recursive", () => {
    interface Tree {
      readonly at: Date;
      readonly children: readonly Tree[];
    }
    type Arrived = Json<Tree>;
    expectTypeOf<Arrived["children"][number]["children"][number]["at"]>().toEqualTypeOf<string>();
  });
});
