/**
 * Bad JSON, row by row. The first rows are positive controls.
 *
 * @module
 */
import { type BadInput, chunkedJson, jsonBody, octets } from "./bad-input.ts";

const tooLarge = "1" + "0".repeat(400);
const unsafe = "9007199254740993";
const long = "a".repeat(101);
const mebibytes = "a".repeat(2 * 1024 * 1024);
const manyKeys = Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join(",");

const key = (name: string): string => `{"value":"a",${name}:{"value":"b"}}`;

const malformedJson: readonly BadInput[] = [
  '{"value":',
  '{"value":"x"}}',
  "{'value':'x'}",
  '{"value":"x",}',
  "{value:1}",
  "nul",
  "[1",
  '"',
  '{"value":"a\u0001b"}',
  '{"value":"a\nb"}',
  '{"value":01}',
  '{"value":NaN}',
  '{"value":Infinity}',
  '{"value":-Infinity}',
  '{"value":0x10}',
  '{"value":1e}',
  '{"value":"\\x41"}',
  '{"value":"\\u12"}',
  '{"value":"x"} {"value":"y"}',
  '/* */{"value":"x"}',
  "\0",
].map((text) => jsonBody(`malformed: ${JSON.stringify(text)}`, text, [400, "malformed-body"]));

/** The rows with a JSON body. */
export const jsonRows: readonly BadInput[] = [
  jsonBody("control", '{"value":"abc"}', { value: "abc" }),
  jsonBody("control", '{"value":7}', { value: 7 }, { type: "int" }),
  jsonBody("control, with blanks", ' \r\n\t{ "value" : "a" } \n', { value: "a" }),
  jsonBody("a byte order mark", '\ufeff{"value":"a"}', { value: "a" }),
  ...malformedJson,
  ...["null", "[]", '""', "0", "true", "[[]]"].map((body) =>
    jsonBody(`${body} for an object`, body, [
      422,
      body === "null" ? "missing" : "model_attributes_type",
    ]),
  ),
  jsonBody("no body", "", [422, "missing"]),
  jsonBody("blanks", "  ", [400, "malformed-body"]),
  jsonBody("an empty object", "{}", [422, "missing"]),
  ...["5", "true", "null", '["x"]', '{"a":1}'].map((value) =>
    jsonBody(`${value} for text`, `{"value":${value}}`, [422, "string_type"]),
  ),
  ...['"7"', "true", "null", "[7]", '""'].map((value) =>
    jsonBody(`${value} for an integer`, `{"value":${value}}`, [422, "int_type"], { type: "int" }),
  ),
  jsonBody("a fraction", '{"value":1.5}', [422, "int_from_float"], { type: "int" }),
  jsonBody("text for a list", '{"value":"a"}', [422, "list_type"], { type: "list" }),
  jsonBody("2^53+1", `{"value":${unsafe}}`, [422, "int_parsing_size"], { type: "int" }),
  jsonBody("10^400", `{"value":${tooLarge}}`, [422, "finite_number"], { type: "int" }),
  jsonBody("1e400", '{"value":1e400}', [422, "finite_number"], { type: "number" }),
  jsonBody("-1e400", '{"value":-1e400}', [422, "finite_number"], { type: "number" }),
  jsonBody("1e400 where anything goes", '{"value":[1e400]}', { value: [null] }, { type: "any" }),
  jsonBody("NUL", '{"value":"a\\u0000b"}', [422, "nul_character"]),
  jsonBody("NUL in a key", '{"value":"a","b\\u0000":1}', [422, "nul_character"]),
  jsonBody("lone surrogate", String.raw`{"value":"\ud800"}`, [422, "lone_surrogate"]),
  jsonBody("lone surrogate, low", String.raw`{"value":"\udc00x"}`, [422, "lone_surrogate"]),
  jsonBody("lone surrogate in a key", String.raw`{"value":"a","\ud800":1}`, [
    422,
    "lone_surrogate",
  ]),
  jsonBody("a pair of surrogates", String.raw`{"value":"\ud83d\ude00"}`, { value: "😀" }),
  jsonBody(
    "surrogate as bytes",
    Buffer.concat([Buffer.from('{"value":"'), octets(0xed, 0xa0, 0x80), Buffer.from('"}')]),
    [400, "malformed-body"],
  ),
  jsonBody(
    "invalid UTF-8",
    Buffer.concat([Buffer.from('{"value":"'), octets(0xff, 0xfe), Buffer.from('"}')]),
    [400, "malformed-body"],
  ),
  jsonBody(
    "overlong UTF-8",
    Buffer.concat([Buffer.from('{"value":"'), octets(0xc0, 0xaf), Buffer.from('"}')]),
    [400, "malformed-body"],
  ),
  jsonBody("UTF-16", Buffer.from('{"value":"a"}', "utf16le"), [400, "malformed-body"]),
  jsonBody("control character, escaped", String.raw`{"value":"\u0001"}`, { value: "\u0001" }),
  jsonBody("__proto__", key('"__proto__"'), [422, "reserved_key"]),
  jsonBody("__proto__, escaped", key(String.raw`"\u005f_proto__"`), [422, "reserved_key"]),
  jsonBody("__proto__, all escaped", key(String.raw`"\u005f\u005f\u0070roto\u005f\u005f"`), [
    422,
    "reserved_key",
  ]),
  jsonBody("__proto__ with the required field", '{"__proto__":{"value":"a"}}', [
    422,
    "reserved_key",
  ]),
  jsonBody("__proto__ within", '{"value":"a","b":[{"__proto__":1}]}', [422, "reserved_key"]),
  jsonBody("__proto__ as a value", '{"value":"__proto__"}', { value: "__proto__" }),
  jsonBody("constructor", '{"value":"a","constructor":{"prototype":{"x":1}}}', { value: "a" }),
  jsonBody("constructor, escaped", String.raw`{"value":"a","\u0063onstructor":{"x":1}}`, {
    value: "a",
  }),
  jsonBody("a key twice", '{"value":"a","value":"b"}', { value: "b" }),
  jsonBody("an unknown key", '{"value":"a","b[c]":1}', { value: "a" }),
  jsonBody("very many keys", `{"value":"a",${manyKeys}}`, { value: "a" }),
  jsonBody("too long", `{"value":"${long}"}`, [422, "string_too_long"]),
  jsonBody("larger than the limit", `{"value":"${mebibytes}"}`, [413, "content-too-large"]),
  ...[
    ["64 arrays", `{"value":"a","b":${"[".repeat(63)}${"]".repeat(63)}}`, { value: "a" }],
    ["65 arrays", `{"value":"a","b":${"[".repeat(64)}${"]".repeat(64)}}`, [400, "malformed-body"]],
    ["10^5 arrays", "[".repeat(1e5) + "]".repeat(1e5), [400, "malformed-body"]],
    [
      "10^5 arrays in a field",
      `{"value":${"[".repeat(1e5)}${"]".repeat(1e5)}}`,
      [400, "malformed-body"],
    ],
    ["10^5 objects", '{"a":'.repeat(1e5) + "1" + "}".repeat(1e5), [400, "malformed-body"]],
    ["10^5 brackets that nothing closes", "[".repeat(1e5), [400, "malformed-body"]],
    ["10^6 brackets that nothing closes", "[".repeat(1e6), [400, "malformed-body"]],
    ["10^5 braces that nothing closes", "{".repeat(1e5), [400, "malformed-body"]],
    ["10^5 closing brackets", "]".repeat(1e5), [400, "malformed-body"]],
    ["10^5 empty arrays side by side", `{"value":"a","b":[${"[],".repeat(1e5)}0]}`, { value: "a" }],
    ["10^5 brackets in a text", `{"value":"a","b":"${"[".repeat(1e5)}"}`, { value: "a" }],
    ["10^5 escaped quotes", `{"value":"a","b":"${String.raw`\"[`.repeat(1e5)}"}`, { value: "a" }],
    [
      "10^5 backslashes",
      `{"value":"a","b":[${"[],".repeat(70)}"${"\\\\".repeat(1e5)}"]}`,
      { value: "a" },
    ],
    ["unescaped quotes", '"'.repeat(1e5), [400, "malformed-body"]],
    [
      "2*10^5 unsafe texts",
      `{"value":"a","b":[${String.raw`"\ud800",`.repeat(1e5)}0]}`,
      [422, "lone_surrogate"],
    ],
  ].map(([kind, body, expected]) =>
    jsonBody(`deep: ${kind as string}`, body as string, expected as [number]),
  ),
  jsonBody("media type missing", '{"value":"a"}', [415], { mediaType: undefined }),
  ...[
    "text/plain",
    "application/octet-stream",
    "application/xml",
    "multipart/form-data; boundary=B",
    "image/png",
    "text/json",
    "json",
    "application/jsonl",
    "application/x-www-form-urlencoded",
    "application/json, text/plain",
    "*/*",
  ].map((mediaType) =>
    jsonBody(`media type ${mediaType}`, '{"value":"a"}', [415, "unsupported-media-type"], {
      mediaType,
    }),
  ),
  ...[
    "APPLICATION/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "application/vnd.api+json",
    "application/json; profile=x",
  ].map((mediaType) =>
    jsonBody(`media type ${mediaType}`, '{"value":"a"}', { value: "a" }, { mediaType }),
  ),
  ...["utf-16", "iso-8859-1", "utf-7", "nonsense"].map((charset) =>
    jsonBody(`charset ${charset}`, '{"value":"a"}', [415], {
      mediaType: `application/json; charset=${charset}`,
    }),
  ),
  jsonBody("two media types", '{"value":"a"}', [400, "bad-request"], {
    headers: ["content-type: text/plain"],
  }),
  ...["gzip", "deflate", "br", "identity, gzip"].map((encoding) =>
    jsonBody(`content encoding ${encoding}`, '{"value":"a"}', [415], {
      headers: [`content-encoding: ${encoding}`],
    }),
  ),
  jsonBody(
    "content encoding Identity",
    '{"value":"a"}',
    { value: "a" },
    { headers: ["content-encoding: Identity"] },
  ),
  chunkedJson("chunked", ['{"val', 'ue":"a"}'], { value: "a" }),
  chunkedJson(
    "chunked, larger than the limit",
    ['{"value":"', ...Array.from({ length: 40 }, () => mebibytes.slice(0, 65_536)), '"}'],
    [413, "content-too-large"],
  ),
];
