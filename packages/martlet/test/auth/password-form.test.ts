import { martlet, post } from "martlet";
import { lenientOAuth2PasswordForm, oauth2PasswordForm } from "martlet/auth";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { objections } from "../openapi/validity.ts";

const info = { servers: [{ url: "/" }], license: { name: "MIT", identifier: "MIT" } };
const token = post("/token", { form: oauth2PasswordForm }, (form) => {
  expectTypeOf(form.scope).toEqualTypeOf<readonly string[]>();
  expectTypeOf(form.grant_type).toEqualTypeOf<"password">();
  expectTypeOf(form.client_id).toEqualTypeOf<string | undefined>();
  return form;
});
const lenient = post("/lenient", { form: lenientOAuth2PasswordForm }, (form) => form);
const app = martlet({ token, lenient });

async function ask(path: string, fields: Record<string, string>) {
  const response = await testClient(app).post(path, { form: fields });
  return { status: response.status, body: await response.json() };
}

describe("the form of the password flow", () => {
  const ann = { grant_type: "password", username: "ann", password: "s3cret" };

  test("divides its scopes", async () => {
    expect(await ask("/token", { ...ann, scope: " items  me ", client_id: "app" })).toEqual({
      status: 200,
      body: { ...ann, scope: ["items", "me"], client_id: "app" },
    });
    expect(await ask("/token", ann)).toMatchObject({ body: { scope: [] } });
  });

  test("asks for the grant type, but where it is lenient", async () => {
    const { grant_type: _type, ...rest } = ann;
    const refused = await ask("/token", rest);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      errors: [{ loc: ["body", "grant_type"], code: "missing" }],
    });
    expect(await ask("/lenient", rest)).toMatchObject({ status: 200 });
    expect((await ask("/lenient", { ...rest, grant_type: "other" })).status).toBe(422);
    expect((await ask("/token", { ...rest, grant_type: "Password" })).status).toBe(422);
  });

  test("tells everything that is missing", async () => {
    const { body } = await ask("/token", { grant_type: "password", username: "" });
    expect(body).toMatchObject({
      errors: [
        { loc: ["body", "username"], code: "missing" },
        { loc: ["body", "password"], code: "missing" },
      ],
    });
  });

  test("is told in the document", async () => {
    const { requestBody } = app.openapi().paths["/token"]?.["post"] ?? {};
    expect(requestBody?.content["application/x-www-form-urlencoded"]?.schema).toEqual({
      type: "object",
      properties: {
        grant_type: { type: "string", const: "password" },
        username: { type: "string" },
        password: { type: "string", format: "password" },
        scope: { type: "string", default: "" },
        client_id: { type: "string" },
        client_secret: { type: "string", format: "password" },
      },
      required: ["grant_type", "username", "password"],
    });
    expect(await objections(app.with(info).openapi())).toEqual([]);
  });

  test("is what the client sends", async () => {
    const answer = await testClient(app).api.token({
      ...ann,
      grant_type: "password",
      scope: "items",
    });
    expect(answer.ok && answer.data).toMatchObject({ username: "ann", scope: ["items"] });
    // @ts-expect-error -- the password is missing
    const incomplete = await testClient(app).api.token({ grant_type: "password", username: "ann" });
    expect(incomplete.ok).toBe(false);
  });
});
