/**
 * The application: that of FastAPI's, section by section.
 *
 * @module
 */
import { type App, martlet, type Reporter, router } from "martlet";
import { cors } from "martlet/security";
import { detail } from "./detail.ts";
import * as bodies from "./bodies.ts";
import * as dependencies from "./dependencies.ts";
import * as errors from "./errors.ts";
import { handlers } from "./errors.ts";
import * as forms from "./forms.ts";
import * as headers from "./headers.ts";
import * as path from "./path.ts";
import * as places from "./places.ts";
import * as query from "./query.ts";
import * as responses from "./responses.ts";
import * as security from "./security.ts";

const sections = {
  path: router("", path),
  query: router("", query),
  headers: router("", headers),
  bodies: router("", bodies),
  forms: router("", forms),
  responses: router("", responses),
  errors: router("", errors),
  dependencies: router("", dependencies),
  security: router("", security),
  places: router("", places),
};

/** A fresh application. Some of its routes fail on purpose: what they report goes to `report`. */
export function probe(report: Reporter = () => undefined): App<typeof sections> {
  return martlet(sections, {
    title: "Probe",
    version: "1.2.3",
    problems: detail,
    errors: handlers,
    middleware: [
      cors({
        origins: ["https://ok.example"],
        credentials: true,
        methods: ["GET", "POST"],
        headers: ["x-tok"],
        expose: ["x-exp"],
        maxAge: 99,
      }),
    ],
    report,
  });
}
