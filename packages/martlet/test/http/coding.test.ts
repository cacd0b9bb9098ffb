import { isCompressible, preferredCoding, weightOf, weightsOf } from "martlet";
import { describe, expect, test } from "vitest";

describe("a coding", () => {
  const offered = ["br", "zstd", "gzip"];
  test.each([
    [undefined, undefined],
    ["", undefined],
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["gzip, br", "br"],
    ["gzip;q=1.0, br;q=0.999", "gzip"],
    ["gzip ; q=0.2 , br ; q=0.1", "gzip"],
    ["*", "br"],
    ["br;q=0, *;q=0.1", "zstd"],
    ["*;q=0", undefined],
    ["*;q=0, gzip", "gzip"],
    ["identity;q=0", undefined],
    ["identity;q=0.5, gzip;q=0.4", undefined],
    ["identity;q=0.5, gzip;q=0.5", "gzip"],
    ["gzip;q=1.5", undefined],
    ["gzip;q=", undefined],
    ["gzip;q=0.0001", undefined],
    ["brotli, zst, gz", undefined],
    [",,gzip,,", "gzip"],
    ["gzip;q=0.5;x=1", "gzip"],
  ])("for %j is %s", (header, coding) => {
    expect(preferredCoding(header, offered)).toBe(coding);
  });

  test("is none where none is offered", () => {
    expect(preferredCoding("*", [])).toBe(undefined);
  });
});

describe("a media type", () => {
  test("is liked as the most particular range says", () => {
    const ranges = weightsOf("text/html;level=1;q=0.4, text/*;q=0.3, */*;q=0.1, image/png;q=0");
    const types = ["text/html", "text/css", "application/json", "image/png"];
    expect(types.map((each) => weightOf(each, ranges))).toEqual([0.4, 0.3, 0.1, 0]);
    expect(weightOf("text/html", weightsOf("image/*"))).toBe(undefined);
  });

  test.each([
    ["text/html; charset=utf-8", true],
    ["Application/JSON", true],
    ["application/vnd.api+json", true],
    ["image/svg+xml", true],
    ["application/wasm", true],
    ["font/ttf", true],
    ["font/woff2", false],
    ["image/jpeg", false],
    ["application/zip", false],
    ["application/octet-stream", false],
    ["video/mp4", false],
    ["application/jsonx", false],
    ["", false],
  ])("%s becomes smaller: %s", (type, isSmaller) => {
    expect(isCompressible(type)).toBe(isSmaller);
  });
});
