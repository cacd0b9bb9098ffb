import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { dependency, file, get, martlet, post, redirect, router, Unauthorized } from "martlet";
import { any, apiKey, bearer, httpBasic, oauth2Code, oauth2Password } from "martlet/auth";
import { listen, type RunningServer } from "martlet/server";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { gallery32 } from "./gallery.ts";

const executablePath = "/usr/bin/chromium";
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const isLeftOut = !existsSync(executablePath) && !isRequired;

const Item = z.object({ id: z.int(), name: z.string().min(1) });
const token = oauth2Password({ tokenUrl: "token", scopes: { me: "Read who you are" } });
const account = dependency({ security: { token }, throws: [Unauthorized] }, ({ token }) =>
  token === "of-ann" ? { name: "Ann" } : new Unauthorized({}),
);
/** A token by way of another page, with PKCE. */
const code = oauth2Code({
  name: "code",
  authorizationUrl: "authorize",
  tokenUrl: "code-token",
  scopes: { me: "Read who you are" },
});
const shopKey = apiKey({ header: "x-key", name: "shopKey" });
const basic = httpBasic();
const codeFlow = {
  coded: get("/coded", { security: { caller: code } }, ({ caller }) => caller),
  authorize: get(
    "/authorize",
    {
      query: { redirect_uri: z.url(), state: z.string(), code_challenge: z.string() },
      hidden: true,
    },
    (asked) =>
      redirect(
        `${asked.redirect_uri}?code=${asked.code_challenge}&state=${encodeURIComponent(asked.state)}`,
        302,
      ),
  ),
  exchange: post(
    "/code-token",
    { form: { code: z.string(), code_verifier: z.string() }, hidden: true },
    ({ code, code_verifier }) => {
      const isProven = createHash("sha256").update(code_verifier).digest("base64url") === code;
      return isProven ? { access_token: "proven", token_type: "bearer" } : new Unauthorized({});
    },
  ),
};
const routes = {
  ...codeFlow,
  ping: get("/ping", { returns: z.string() }, () => "pong"),
  items: router("/items", {
    Item,
    list: get(
      "/",
      { query: { q: z.string().meta({ examples: ["cup"] }) }, returns: z.array(Item) },
      ({ q }) => [{ id: 1, name: q }],
    ),
    create: post("/", { body: Item, returns: Item, status: 201 }, ({ body }) => body),
    photo: post(
      "/photo",
      { files: { photo: file({ types: ["text/plain"] }) } },
      async ({ photo }) => ({
        size: photo.size,
      }),
    ),
  }),
  either: get(
    "/either",
    { security: { caller: any({ key: shopKey, user: basic }) } },
    (sent) => sent.caller,
  ),
  staff: get("/staff", { security: { user: basic } }, ({ user }) => user.username),
  key: get("/key", { security: { token: bearer() } }, ({ token }) => ({ token })),
  me: get("/me", { use: { account: account.scopes("me") } }, ({ account }) => account),
  token: post(
    "/token",
    { form: { username: z.string(), password: z.string() }, throws: [Unauthorized] },
    ({ username, password }) =>
      password === "wonderland"
        ? { access_token: `of-${username}`, token_type: "bearer" }
        : new Unauthorized({}),
  ),
};
const app = martlet(routes, {
  title: "A <b>shop</b> & more",
  docs: { oauth: { clientId: "docs" } },
});

/** A page on which every request and every complaint is written down. */
interface Visit {
  readonly page: Page;
  readonly requests: string[];
  readonly complaints: string[];
}

let browser: Browser;
let context: BrowserContext;
let server: RunningServer;
/** A folder for what the tests saw, to be looked at; nothing is kept without one. */
const shots = process.env["MARTLET_SCREENSHOTS"];
const started: { close: () => unknown }[] = [];

async function visit(url: string, colorScheme: "light" | "dark" = "light"): Promise<Visit> {
  const page = await context.newPage();
  await page.emulateMedia({ colorScheme });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (each) => void requests.push(each.url()));
  page.on("console", (each) => {
    // Swagger UI has a password field outside of a form, which the browser mentions in passing.
    if (!each.text().startsWith("[DOM]")) complaints.push(`${each.type()}: ${each.text()}`);
  });
  page.on("pageerror", (each) => void complaints.push(String(each)));
  page.on("requestfailed", (each) => void complaints.push(`failed: ${each.url()}`));
  await page.addInitScript({
    content: `document.addEventListener("securitypolicyviolation", (each) => {
      console.error("policy:", each.violatedDirective, each.blockedURI);
    });`,
  });
  await page.goto(url);
  await page.waitForSelector(".opblock");
  return { page, requests, complaints };
}

async function keep(page: Page, name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** Opens an operation. */
async function open(page: Page, method: string, path: string): Promise<Locator> {
  const block = page.locator(`.opblock-${method}:has([data-path="${path}"])`);
  await block.locator(".opblock-summary-control").click();
  await block.locator(".execute").waitFor();
  return block;
}

/** Executes an opened operation; gives the status and the body that the page shows. */
async function execute(block: Locator): Promise<{ status: string; body: string }> {
  await block.locator(".execute").click();
  const answer = block.locator(".live-responses-table tbody .response");
  await answer.waitFor();
  const status = await answer.locator(".response-col_status").innerText();
  const body = await answer.locator(".highlight-code code").first().innerText();
  return { status: status.trim().split("\n")[0] ?? "", body: body.replaceAll(/\s+/g, " ") };
}

/** The form of one security scheme in the dialogue of the Authorize button. */
async function dialogue(page: Page, scheme: string): Promise<Locator> {
  await page.locator(".auth-wrapper .authorize").first().click();
  return page.locator(".auth-container", { hasText: scheme });
}

/** A proxy that takes `/api` off, as many do. */
async function behindPrefix(target: string): Promise<string> {
  const forward = async (path: string, response: ServerResponse): Promise<void> => {
    const answer = await fetch(target + path.replace(/^\/api/, ""));
    const headers = new Headers(answer.headers);
    // It is not compressed any more.
    headers.delete("content-encoding");
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(headers)).end(body);
  };
  const proxy = createServer(({ url = "/" }, response) => {
    if (url.startsWith("/api/")) void forward(url, response);
    else response.writeHead(404).end();
  });
  started.push(proxy);
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

// A page is a few seconds of work for a small machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(isLeftOut)(
  `the docs page in a browser${isLeftOut ? ` (there is no ${executablePath})` : ""}`,
  () => {
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath,
        args: [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
        ],
      });
      context = await browser.newContext({ viewport: { width: 1280, height: 1600 } });
      server = await listen(app, { port: 0 });
    });

    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      for (const each of started) each.close();
    });

    test("lists every route, and asks nothing of anybody else", async () => {
      const { page, requests, complaints } = await visit(`${server.url}/docs`);
      const paths = await page.locator(".opblock-summary-path").all();
      const listed = await Promise.all(paths.map((each) => each.getAttribute("data-path")));
      const shown = Object.keys(app.openapi().paths);
      expect(new Set(listed)).toEqual(new Set(shown));
      expect(listed).toHaveLength(app.routes().length - 2);
      expect(await page.title()).toBe("A <b>shop</b> & more");
      expect(requests.filter((each) => !each.startsWith(`${server.url}/`))).toEqual([]);
      expect(complaints).toEqual([]);
      await keep(page, "light");
      await page.close();
    });

    test("tries an operation out", async () => {
      const { page, complaints, requests } = await visit(`${server.url}/docs`);
      const list = await open(page, "get", "/items");
      // The example that the parameter declares is filled in.
      expect(await execute(list)).toEqual({
        status: "200",
        body: '[ { "id": 1, "name": "cup" } ]',
      });
      await keep(page, "executed");
      const create = await open(page, "post", "/items");
      await create.locator("textarea").fill('{"id": 7, "name": ""}');
      const refused = await execute(create);
      expect(refused.status).toBe("422");
      expect(refused.body).toContain('"loc": [ "body", "name" ]');
      expect(requests.filter((each) => !each.startsWith(`${server.url}/`))).toEqual([]);
      // The browser itself complains of any answer that is an error.
      expect(complaints.filter((each) => !each.includes("422"))).toEqual([]);
      await page.close();
    });

    test("sends a file", async () => {
      const { page, complaints } = await visit(`${server.url}/docs`);
      const photo = await open(page, "post", "/items/photo");
      await photo
        .locator("input[type=file]")
        .setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
      expect(await execute(photo)).toEqual({ status: "200", body: '{ "size": 5 }' });
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("authorizes with a bearer token, and keeps it", async () => {
      const { page, complaints } = await visit(`${server.url}/docs`);
      const form = await dialogue(page, "bearer");
      await form.locator("input").fill("sesame");
      await form.locator("button.authorize").click();
      await page.locator(".modal-ux .btn-done").first().click();
      const expected = { status: "200", body: '{ "token": "sesame" }' };
      expect(await execute(await open(page, "get", "/key"))).toEqual(expected);
      // The address names the operation, which is open again.
      await page.reload();
      expect(await execute(page.locator(".opblock.is-open"))).toEqual(expected);
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("fetches a token with the OAuth2 password flow, and calls with it", async () => {
      const { page, complaints, requests } = await visit(`${server.url}/docs`);
      const form = await dialogue(page, "OAuth2, password");
      await form.locator("#oauth_username").fill("ann");
      await form.locator("#oauth_password").fill("wonderland");
      await form.locator("label", { hasText: "me" }).last().click();
      await keep(page, "authorize");
      await form.locator("button.authorize").click();
      await form.locator("button", { hasText: "Logout" }).waitFor();
      expect(requests).toContain(`${server.url}/token`);
      await page.locator(".modal-ux .btn-done").first().click();
      expect(await execute(await open(page, "get", "/me"))).toEqual({
        status: "200",
        body: '{ "name": "Ann" }',
      });
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("authorizes with a key, and with a user name and a password", async () => {
      const { page, complaints } = await visit(`${server.url}/docs`);
      const key = await dialogue(page, "shopKey");
      await key.locator("input").fill("k3y");
      await key.locator("button.authorize").click();
      await key.locator("button", { hasText: "Logout" }).waitFor();
      const basic = page.locator(".auth-container", { hasText: "http, Basic" });
      await basic.locator("input").nth(0).fill("ann");
      await basic.locator("input").nth(1).fill("s3cret");
      await basic.locator("button.authorize").click();
      await basic.locator("button", { hasText: "Logout" }).waitFor();
      await page.locator(".modal-ux .btn-done").first().click();
      expect(await execute(await open(page, "get", "/either"))).toEqual({
        status: "200",
        body: '{ "key": "k3y" }',
      });
      expect(await execute(await open(page, "get", "/staff"))).toEqual({
        status: "200",
        body: '"ann"',
      });
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("comes back from another page with a code, and proves that it is its own", async () => {
      const { page, complaints } = await visit(`${server.url}/docs`);
      const form = await dialogue(page, "OAuth2, authorizationCode");
      // What the application tells the page is filled in.
      expect(await form.locator("#client_id_authorizationCode").inputValue()).toBe("docs");
      await form.locator("button.authorize").click();
      await form.locator("button", { hasText: "Logout" }).waitFor();
      await page.locator(".modal-ux .btn-done").first().click();
      expect(await execute(await open(page, "get", "/coded"))).toEqual({
        status: "200",
        body: '"proven"',
      });
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("shows a document of OpenAPI 3.2, with its named examples", async () => {
      const told = gallery32.with({
        openapi: { version: "3.2.0" },
        docs: { path: "/pages/docs" },
        servers: [{ url: "/" }],
      });
      const inner = await listen(told, { port: 0 });
      started.push({ close: () => inner.stop() });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (each) => void complaints.push(String(each)));
      await page.goto(`${inner.url}/pages/docs`);
      await page.waitForSelector(".opblock-deprecated");
      expect(await page.locator(".version-stamp, .info .version").allInnerTexts()).toContain(
        "OAS 3.2",
      );
      const create = page.locator('.opblock-post:has([data-path="/paintings"])');
      await create.locator(".opblock-summary-control").click();
      await create.locator(".execute").waitFor();
      const examples = create.locator(".examples-select option");
      expect(await examples.allInnerTexts()).toContain("A plain one");
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("is dark where the system is", async () => {
      const { page, complaints } = await visit(`${server.url}/docs`, "dark");
      const colour = await page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor",
      );
      expect(colour).toBe("rgb(28, 32, 34)");
      await open(page, "get", "/items");
      await keep(page, "dark");
      await page.emulateMedia({ colorScheme: "light" });
      await page.waitForSelector("html:not(.dark-mode)");
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("works behind a prefix that a proxy takes off", async () => {
      const prefixed = app.with({ servers: [{ url: "/api" }], docs: "/internal/docs" });
      const inner = await listen(prefixed, { port: 0 });
      started.push({ close: () => inner.stop() });
      const outer = await behindPrefix(inner.url);
      const { page, complaints, requests } = await visit(`${outer}/api/internal/docs`);
      expect(await execute(await open(page, "get", "/ping"))).toEqual({
        status: "200",
        body: '"pong"',
      });
      expect(requests).toContain(`${outer}/api/openapi.json`);
      expect(requests).toContain(`${outer}/api/ping`);
      expect(complaints).toEqual([]);
      await page.close();
    });
  },
);
