/**
 * Conduit: the blogging API of the RealWorld project (https://realworld-docs.netlify.app), with
 * Martlet. Importing this starts nothing.
 *
 * @module
 */
import { get, martlet, redirect, router } from "martlet";
import { cors } from "martlet/security";
import * as articles from "./articles/routes.ts";
import * as comments from "./comments/routes.ts";
import * as favorites from "./favorites/routes.ts";
import { prepared } from "./database.ts";
import { conduitProblems } from "./problems.ts";
import * as profiles from "./profiles/routes.ts";
import * as tags from "./tags/routes.ts";
import * as users from "./users/routes.ts";

/** Whoever opens the address in a browser wants the documentation. */
const home = get("/", { hidden: true }, () => redirect("/docs"));

/** Browsers of any origin may call: a caller proves itself with a header, never with a cookie. */
const crossOrigin = cors({
  origins: "*",
  methods: ["GET", "POST", "PUT", "DELETE"],
  expose: ["retry-after"],
  maxAge: 7200,
});

/** The application. */
export const app = martlet(
  {
    home,
    users: router("/api", users, { tags: ["User and Authentication"] }),
    profiles: router("/api/profiles", profiles, { tags: ["Profile"] }),
    articles: router("/api/articles", articles, { tags: ["Articles"] }),
    comments: router("/api/articles", comments, { tags: ["Comments"] }),
    favorites: router("/api/articles", favorites, { tags: ["Favorites"] }),
    tags: router("/api/tags", tags, { tags: ["Tags"] }),
  },
  {
    title: "Conduit",
    version: "1.0.0",
    description: "A place to share what you know: the blogging API of the RealWorld project.",
    license: { name: "MIT", identifier: "MIT" },
    problems: conduitProblems,
    middleware: [crossOrigin],
    lifespan: prepared,
  },
);
