// Starts Swagger UI on the docs page. What it needs to know stands in the page, as data attributes:
// under the page's content security policy no script can.
{
  const place = document.getElementById("swagger-ui");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();

  const ui = window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.openapi,
    oauth2RedirectUrl: new URL(place.dataset.redirect, document.baseURI).href,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    displayRequestDuration: true,
    persistAuthorization: true,
    tryItOutEnabled: true,
    // The validator is a service elsewhere, which would be sent the document's address.
    validatorUrl: null,
  });
  ui.initOAuth({ usePkceWithAuthorizationCodeGrant: true });
}
