/**
 * Addresses of machines, people and pages.
 *
 * @module
 */
import * as z from "zod";
import { reading, refuse } from "./reading.ts";

/**
 * An IP address, version 4 or 6, the latter in the one spelling of RFC 5952.
 *
 * Codes: `ip_any_address`, `ip_v4_address`, `ip_v6_address`.
 *
 * @example
 * ```ts
 * import { ipAddress } from "martlet/models";
 *
 * expect(ipAddress().parse("192.0.2.1")).toBe("192.0.2.1");
 * expect(ipAddress().parse("2001:DB8:0:0::1")).toBe("2001:db8::1");
 * expect(ipAddress({ version: 4 }).safeParse("::1").success).toBe(false);
 * ```
 */
export function ipAddress(
  options: { readonly version?: 4 | 6 } = {},
): z.ZodPipe<z.ZodType<string, string>, z.ZodType<string>> {
  const { version } = options;
  const [four, six] = [z.ipv4(), z.ipv6()];
  return reading<string>({
    taken: {
      type: "string",
      ...(version === undefined
        ? { anyOf: [{ format: "ipv4" }, { format: "ipv6" }] }
        : { format: `ipv${version}` }),
    },
    read: (value) => {
      if (version !== 6 && four.safeParse(value).success) return value as string;
      if (version !== 4 && six.safeParse(value).success) {
        return new URL(`http://[${value as string}]`).hostname.slice(1, -1);
      }
      const code = version === undefined ? "ip_any_address" : `ip_v${version}_address`;
      return refuse(code, "This is no IP address.");
    },
  });
}

/**
 * An e-mail address, as `z.email()` takes it, its domain in small letters: that part of it is the same
 * in any case, and the part before the `@` may not be.
 *
 * @example
 * ```ts
 * import { emailAddress } from "martlet/models";
 *
 * expect(emailAddress().parse("Ann@EXAMPLE.com")).toBe("Ann@example.com");
 * ```
 */
export function emailAddress(): z.ZodEmail {
  return z.email().overwrite((address) => {
    const at = address.lastIndexOf("@");
    return address.slice(0, at) + address.slice(at).toLowerCase();
  });
}

/**
 * The URL of a page, `http` or `https`, as browsers write it: `HTTP://EX.com` is `http://ex.com/`. It has
 * at most 2,083 characters. Unlike `z.httpUrl()` it takes names such as `localhost` and IP addresses.
 *
 * Codes: `url_parsing`, `url_scheme`, `url_type`, `string_too_long`.
 *
 * @example
 * ```ts
 * import { httpUrl } from "martlet/models";
 *
 * expect(httpUrl().parse("HTTP://EX.com")).toBe("http://ex.com/");
 * expect(httpUrl().safeParse("ftp://ex.com").success).toBe(false);
 * ```
 */
export function httpUrl(): z.ZodURL {
  return z.url({ protocol: /^https?$/, normalize: true }).max(2083);
}
