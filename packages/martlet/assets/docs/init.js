// Starts Swagger UI on the docs page. What it needs to know stands in the page, as data attributes:
// under the page's content security policy no script can.
{
  const place = document.getElementById("swagger-ui");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();

  const ui = window.SwaggerUIBundle({
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    displayRequestDuration: true,
    persistAuthorization: true,
    tryItOutEnabled: true,
    ...JSON.parse(place.dataset.ui),
    // What the page itself must be, whatever the application asks for.
    domNode: place,
    url: place.dataset.openapi,
    oauth2RedirectUrl: new URL(place.dataset.redirect, document.baseURI).href,
    // The validator is a service elsewhere, which would be sent the document's address.
    validatorUrl: null,
  });
  ui.initOAuth({
    ...JSON.parse(place.dataset.oauth),
    usePkceWithAuthorizationCodeGrant: true,
  });
}
