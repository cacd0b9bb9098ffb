/**
 * Templates as a dependency: HTML pages, and texts for mails and files.
 *
 * @module
 */
import { type Answer, dependency, type Dependency, html } from "../index.ts";
import type { TemplateEngine } from "./engine.ts";

/** The data of each template, by name. */
export type Pages = Readonly<Record<string, object>>;

/** Templates that are ready to be filled in. */
export interface Templates<P> {
  /** The answer that sends an HTML page. The status is 200 unless told otherwise. */
  readonly page: <Name extends keyof P & string>(
    name: Name,
    data: P[Name],
    status?: number,
  ) => Promise<Answer>;
  /** The text alone: for a mail, or a part of a page. */
  readonly text: <Name extends keyof P & string>(name: Name, data: P[Name]) => Promise<string>;
}

/**
 * Templates as an app-scoped dependency: mistakes in them are found at start, and a test may put others
 * in their place. What `P` says of the data of each template is checked where a page is made.
 *
 * A name comes from the code and never from a client. One that leads out of the directory is refused.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { templates } from "martlet/templates";
 * import { testClient } from "martlet/testing";
 *
 * const views = templates<{ hello: { name: string } }>({
 *   render: (_name, data) => `<h1>Hello ${"name" in data ? data.name : ""}</h1>`,
 * });
 * const hello = get("/", { use: { views } }, ({ views }) => views.page("hello", { name: "Ann" }));
 * const answer = await testClient(martlet({ hello })).get("/");
 * expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
 * expect(await answer.text()).toBe("<h1>Hello Ann</h1>");
 * ```
 */
export function templates<P extends { [Name in keyof P]: object } = Pages>(
  engine: TemplateEngine,
): Dependency<Templates<P>> {
  const text: Templates<P>["text"] = async (name, data) => engine.render(checked(name), data);
  const made: Templates<P> = {
    text,
    page: async (name, data, status) => html(await text(name, data), status),
  };
  return dependency({ scope: "app", name: "templates" }, async () => {
    await engine.start?.();
    return made;
  });
}

/** A name without steps up, drives, and whatever else some system or engine reads more into. */
function checked(name: string): string {
  if (/^\w[\w.-]*(?:\/\w[\w.-]*)*$/.test(name)) return name;
  throw new TypeError(`${JSON.stringify(name)} is no name of a template`);
}
