import { ResponseMismatch, Secret } from "martlet";
import { camelCase, computed, duration, encodable } from "martlet/models";
import { describe, expect, test } from "vitest";
import { z } from "zod";

describe("what a value looks like as JSON", () => {
  test("is plain data, whatever it is made of", () => {
    class Point {
      readonly x = 1;
      readonly #hidden = 2;
      sum(): number {
        return this.x + this.#hidden;
      }
    }
    const value = {
      date: new Date(0),
      set: new Set([2, 1, 2]),
      map: new Map<unknown, unknown>([[1, { a: new Map() }]]),
      bytes: new Uint8Array([104, 105]),
      url: new URL("http://a.example"),
      point: new Point(),
      small: 7n,
      large: 2n ** 70n,
      not: Number.NaN,
      list: [undefined, 1],
      gone: undefined,
      call: () => 1,
      secret: new Secret("hunter2"),
    };
    expect(encodable(value)).toEqual({
      date: "1970-01-01T00:00:00.000Z",
      set: [2, 1],
      map: { 1: { a: {} } },
      bytes: "aGk=",
      url: "http://a.example/",
      point: { x: 1 },
      small: 7,
      large: "1180591620717411303424",
      not: null,
      list: [null, 1],
      secret: "[redacted]",
    });
    expect(encodable(undefined)).toBeNull();
  });

  test("is what a model would answer", () => {
    const Task = computed(camelCase(z.strictObject({ time_left: duration() })), {
      isLate: [z.boolean(), (task) => task.time_left < 0],
    });
    expect(encodable({ time_left: -1000 }, Task)).toEqual({
      timeLeft: "-PT1S",
      isLate: true,
    });
    expect(() => encodable({ a: "x" } as never, z.object({ a: z.int() }))).toThrow(
      ResponseMismatch,
    );
    expect(() =>
      encodable(
        "a",
        z.string().refine(() => Promise.resolve(true)),
      ),
    ).toThrow(TypeError);
  });

  test("has an end", () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(() => encodable(ring)).toThrow("holds itself");
    expect(encodable([{ a: 1 }].flatMap((each) => [each, each]))).toEqual([{ a: 1 }, { a: 1 }]);
  });
});
