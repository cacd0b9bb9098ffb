/**
 * Bad forms, row by row. The first row of each place is its positive control.
 *
 * @module
 */
import { type BadInput, field, form, multipartForm, octets, parts } from "./bad-input.ts";

const tooLarge = "1" + "0".repeat(400);
const unsafe = "9007199254740993";
const long = "a".repeat(101);
const mebibytes = "a".repeat(2 * 1024 * 1024);
const many = (count: number, join = "&"): string =>
  Array.from({ length: count }, (_, index) => `k${index}=1`).join(join);

const formValues = (
  send: (kind: string, value: string, type: string, expected: [number, string]) => BadInput,
): readonly BadInput[] => [
  send("2^53+1", unsafe, "int", [422, "int_parsing_size"]),
  send("10^400", tooLarge, "int", [422, "int_parsing_size"]),
  send("1e400", "1e400", "number", [422, "finite_number"]),
  send("NaN", "NaN", "number", [422, "finite_number"]),
  send("wrong type", "abc", "int", [422, "int_parsing"]),
  send("empty", "", "int", [422, "missing"]),
  send("empty", "", "text", [422, "missing"]),
  send("too long", long, "text", [422, "string_too_long"]),
];

/** The rows with an urlencoded form. */
export const formRows: readonly BadInput[] = [
  form("control", "value=abc", { value: "abc" }),
  form("control", "value=7", { value: 7 }, { type: "int" }),
  form("plus and percent", "value=a+b%20c%2B", { value: "a b c+" }),
  ...formValues((kind, value, type, expected) => form(kind, `value=${value}`, expected, { type })),
  form("NUL", "value=a%00b", [422, "nul_character"]),
  form("NUL as it is", "value=a\0b", [422, "nul_character"]),
  form("NUL in a name", "%00value=a", [422, "missing"]),
  form("lone surrogate", "value=%ED%A0%80", [422, "malformed_encoding"]),
  form("invalid UTF-8", "value=%FF", [422, "malformed_encoding"]),
  form("bytes that are no UTF-8", Buffer.from("value=\u00ff", "latin1"), [400, "malformed-body"]),
  form("overlong UTF-8", "value=%C0%AF", [422, "malformed_encoding"]),
  form("broken percent-encoding", "value=%zz", [422, "malformed_encoding"]),
  form("control character", "value=%01", { value: "\u0001" }),
  form("a byte order mark", "value=\ufeffa", { value: "\ufeffa" }),
  form("repeated scalar", "value=a&value=b", [422, "repeated"]),
  form("no body", "", [422, "missing"]),
  form("__proto__", "__proto__=1&value=a", { value: "a" }),
  form("brackets", "value[b]=1", [422, "missing"]),
  form("very many", `${many(999)}&value=a`, { value: "a" }),
  form("too many", `${many(1000)}&value=a`, [413, "content-too-large"]),
  form("too many of one name", "k=1&".repeat(1001), [413, "content-too-large"]),
  form("larger than the limit", `value=${mebibytes}`, [413, "content-too-large"]),
  form("media type missing", "value=a", [415], { mediaType: undefined }),
  form("media type wrong", "value=a", [415], { mediaType: "text/plain" }),
  form("media type of JSON", '{"value":"a"}', [415], { mediaType: "application/json" }),
  form("media type malformed", "value=a", [415], { mediaType: "urlencoded" }),
  form("wrong charset", "value=a", [415], {
    mediaType: "application/x-www-form-urlencoded; charset=latin1",
  }),
  form("content encoding", "value=a", [415], { headers: ["content-encoding: gzip"] }),
];

/** The rows with a multipart form. */
export const multipartRows: readonly BadInput[] = [
  multipartForm("control", parts([field(), "abc"]), { value: "abc" }),
  multipartForm("control", parts([field(), "7"]), { value: 7 }, { type: "int" }),
  multipartForm("non-ASCII", parts([field(), "café😀"]), { value: "café😀" }),
  ...formValues((kind, value, type, expected) =>
    multipartForm(kind, parts([field(), value]), expected, { type }),
  ),
  multipartForm("NUL", parts([field(), "a\0b"]), [422, "nul_character"]),
  multipartForm("NUL in a name", parts([field("val\0ue"), "a"]), [400, "malformed-body"]),
  multipartForm("lone surrogate", parts([field(), octets(0xed, 0xa0, 0x80)]), [400]),
  multipartForm("invalid UTF-8", parts([field(), octets(0xff, 0xfe)]), [400, "malformed-body"]),
  multipartForm("overlong UTF-8", parts([field(), octets(0xc0, 0xaf)]), [400, "malformed-body"]),
  multipartForm("percent signs", parts([field(), "100%zz%"]), { value: "100%zz%" }),
  multipartForm("control character", parts([field(), "a\u0001\r\nb"]), { value: "a\u0001\r\nb" }),
  multipartForm("a byte order mark", parts([field(), "\ufeffa"]), { value: "\ufeffa" }),
  multipartForm("repeated scalar", parts([field(), "a"], [field(), "b"]), [422, "repeated"]),
  multipartForm("__proto__", parts([field("__proto__"), "x"], [field(), "a"]), { value: "a" }),
  multipartForm(
    "constructor as a file",
    parts([`${field("constructor")}; filename="a"`, "x"], [field(), "a"]),
    { value: "a" },
  ),
  multipartForm("brackets", parts([field("value[b]"), "1"]), [422, "missing"]),
  multipartForm("a file where text is asked", parts([`${field()}; filename="a"`, "x"]), [
    422,
    "missing",
  ]),
  multipartForm(
    "very many",
    parts(...Array.from({ length: 999 }, (_, index) => [field(`k${index}`), "1"] as const), [
      field(),
      "a",
    ]),
    { value: "a" },
  ),
  multipartForm(
    "too many",
    parts(...Array.from({ length: 1001 }, () => [field("k"), "1"] as const)),
    [413, "content-too-large"],
  ),
  multipartForm("larger than the limit", parts([field(), mebibytes]), [413, "content-too-large"]),
  multipartForm("no parts", "--B--\r\n", [422, "missing"]),
  multipartForm("no body", "", [422, "missing"]),
  multipartForm("cut off in a part", parts([field(), "abc"]).subarray(0, -10), [
    400,
    "malformed-body",
  ]),
  multipartForm("cut off in the headers", "--B\r\ncontent-disposition: form-da", [
    400,
    "malformed-body",
  ]),
  multipartForm("only the first boundary", "--B\r\n", [400, "malformed-body"]),
  multipartForm("garbage", "garbage", [400, "malformed-body"]),
  multipartForm("bare line feeds", `--B\n${field()}\n\na\n--B--\n`, [400, "malformed-body"]),
  multipartForm("no name", parts(["content-disposition: form-data", "a"]), [400, "malformed-body"]),
  multipartForm("no disposition", parts(["content-type: text/plain", "a"]), [
    400,
    "malformed-body",
  ]),
  multipartForm(
    "another disposition",
    parts(['content-disposition: attachment; name="value"', "a"]),
    [400, "malformed-body"],
  ),
  multipartForm("two names", parts([`${field()}; name="other"`, "a"]), [400, "malformed-body"]),
  multipartForm("no headers", parts(["", "a"]), [400, "malformed-body"]),
  multipartForm(
    "headers cut off by a boundary",
    "--B\r\ncontent-disposition: form-data\r\n--B--\r\n",
    [400, "malformed-body"],
  ),
  multipartForm("huge headers of a part", parts([`${field()}\r\nx: ${"a".repeat(9000)}`, "a"]), [
    400,
    "malformed-body",
  ]),
  multipartForm(
    "wrong charset of a part",
    parts([`${field()}\r\ncontent-type: text/plain; charset=utf-7`, "+ADw-"]),
    [415],
  ),
  multipartForm(
    "charset of a part",
    parts([`${field()}\r\ncontent-type: text/plain; charset=utf-8`, "é"]),
    { value: "é" },
  ),
  multipartForm(
    "encoded part",
    parts([`${field()}\r\ncontent-transfer-encoding: base64`, "YQ=="]),
    [415],
  ),
  multipartForm("boundary missing", parts([field(), "a"]), [415], {
    mediaType: "multipart/form-data",
  }),
  multipartForm("boundary empty", parts([field(), "a"]), [415], {
    mediaType: "multipart/form-data; boundary=",
  }),
  multipartForm("boundary too long", parts([field(), "a"]), [415], {
    mediaType: `multipart/form-data; boundary=${"B".repeat(71)}`,
  }),
  multipartForm("another boundary", parts([field(), "a"]), [400], {
    mediaType: "multipart/form-data; boundary=C",
  }),
  multipartForm("another multipart type", parts([field(), "a"]), [415], {
    mediaType: "multipart/mixed; boundary=B",
  }),
  multipartForm("content encoding", parts([field(), "a"]), [415], {
    headers: ["content-encoding: br"],
  }),
];
