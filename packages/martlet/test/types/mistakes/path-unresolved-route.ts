// The same in a route that stands in the application itself.
import { get, martlet } from "martlet";
import { org } from "./shop.ts";

// right: const read = get("/orgs/{orgId}", { use: { org } }, ({ org }) => org.id);
const read = get("/orgs", { use: { org } }, ({ org }) => org.id);

export const app = martlet({ read });
