/**
 * Pages that the server makes: templates, a form without a script, and files beside them.
 *
 * @module
 */
import { dependency, get, martlet, post, redirect, urls } from "martlet";
import { staticFiles } from "martlet/static";
import { eta, templates } from "martlet/templates";
import { z } from "zod";

/** What each page is told. */
interface Views {
  readonly notes: { readonly notes: readonly string[]; readonly add: string };
}

const views = templates<Views>(eta({ directory: new URL("./views/", import.meta.url) }));

const notes = dependency({ scope: "app" }, (): string[] => []);

const list = get("/", { use: { notes, views, urls }, hidden: true }, ({ notes, views, urls }) =>
  views.page("notes", { notes, add: urls.to(add) }),
);

const add = post(
  "/notes",
  { form: { text: z.string().trim().min(1).max(500) }, use: { notes }, hidden: true },
  ({ text, notes }) => {
    notes.push(text);
    // A page that is loaded again then asks for the list, and does not post anew.
    return redirect("/", 303);
  },
);

/** The application. */
export const app = martlet({
  list,
  add,
  assets: staticFiles("/assets", { directory: new URL("./public/", import.meta.url) }),
});
