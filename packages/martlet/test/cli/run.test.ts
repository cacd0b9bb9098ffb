import { describe, expect, test } from "vitest";
import { command, type Command } from "../../src/cli/command.ts";
import { run } from "../../src/cli/run.ts";

const seen: unknown[] = [];

const greet = command({
  name: "say hello",
  summary: "Greets somebody",
  word: { name: "whom", summary: "who is greeted", isRequired: true },
  options: {
    loud: { kind: "flag", summary: "louder" },
    times: { kind: "number", summary: "how often" },
    in: { kind: "text", summary: "the language", placeholder: "language" },
    and: { kind: "list", summary: "who else" },
  },
  run: ({ options, word, say }) => {
    seen.push({ ...options, word });
    say("on the way");
    return { data: { greeted: word }, text: `hello ${word}` };
  },
});

const failing = (error: unknown): Command =>
  command({
    name: "fail",
    summary: "Fails",
    options: {},
    run: () => {
      throw error;
    },
  });

async function ran(args: string, commands: readonly Command[] = [greet]) {
  const texts = { output: "", errors: "" };
  const exitCode = await run(
    args.split(" ").filter((each) => each !== ""),
    commands,
    {
      directory: "/",
      output: (text) => (texts.output += text),
      errors: (text) => (texts.errors += text),
      isColoured: { output: false, errors: false },
      signal: new AbortController().signal,
    },
  );
  return { exitCode, ...texts };
}

describe("a command line", () => {
  test("gives a command its options by name", async () => {
    expect(await ran("say hello you --loud --times 3 --in latin --and me --and them")).toEqual({
      exitCode: 0,
      output: "on the way\nhello you\n",
      errors: "",
    });
    expect(seen.at(-1)).toMatchObject({
      word: "you",
      loud: true,
      times: 3,
      in: "latin",
      and: ["me", "them"],
    });
    await ran("say hello you");
    expect(seen.at(-1)).toMatchObject({ loud: false, times: undefined, in: undefined, and: [] });
  });

  test("writes one JSON document for machines", async () => {
    expect(await ran("say hello you --json")).toEqual({
      exitCode: 0,
      output: '{"greeted":"you"}\n',
      errors: "",
    });
    const { output, exitCode } = await ran("say hello --json");
    expect(exitCode).toBe(2);
    expect(JSON.parse(output)).toEqual({
      error: {
        code: "usage",
        message: "The whom is missing",
        hint: "martlet say hello --help says what it takes.",
      },
    });
  });

  test.each([
    ["say hello", "The whom is missing"],
    ["say hello you me", '"me" is too much'],
    ["say hello you --times 0", '--times takes a whole number from 1, not "0"'],
    ["say hello you --times 1.5", '--times takes a whole number from 1, not "1.5"'],
    ["say hello you --times", "Option '--times <value>' argument missing"],
    ["say hello you --louder", "Unknown option '--louder'"],
    ["say hello you --loud=very", "Option '--loud' does not take an argument"],
    ["say goodbye", 'There is no command "say goodbye"'],
    ["sing", 'There is no command "sing"'],
    ["--sing", 'There is no command "--sing"'],
  ])("does not understand %j", async (args, message) => {
    const { exitCode, output, errors } = await ran(args);
    expect([exitCode, output]).toEqual([2, ""]);
    expect(errors.split("\n")[0]).toBe(message);
  });

  test("says what there is", async () => {
    const { output, exitCode } = await ran("--help");
    expect(exitCode).toBe(0);
    expect(output).toMatchInlineSnapshot(`
      "martlet <command> [options]

        say hello <whom>  Greets somebody

      martlet <command> --help says what a command takes, martlet --version which one this is.

      Exit codes: 0 done, 1 failed or something found, 2 not understood.
      "
    `);
    expect((await ran("help")).output).toBe(output);
    expect(await ran("")).toMatchObject({ exitCode: 2, output });
    expect(await ran("say")).toMatchObject({ exitCode: 2, output });
    expect(await ran("say --help")).toMatchObject({ exitCode: 0, output });
  });

  test("says what a command takes", async () => {
    const { output, exitCode } = await ran("say hello --help");
    expect(exitCode).toBe(0);
    expect(output).toMatchInlineSnapshot(`
      "martlet say hello <whom> [options]

      Greets somebody.

        <whom>            who is greeted
        --loud            louder
        --times <number>  how often
        --in <language>   the language
        --and <list>      who else
        --json            write one JSON document, for machines
        --trace           tell where in the code an error came from
        --help            say this
      "
    `);
    expect((await ran("say hello -h")).output).toBe(output);
  });

  test("says its version", async () => {
    expect(await ran("--version")).toMatchObject({ exitCode: 0 });
    expect((await ran("-v")).output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("tells why it failed, and where in the code only if it is asked to", async () => {
    const error = new Error("It broke", { cause: new Error("of old age") });
    const { exitCode, errors } = await ran("fail", [failing(error)]);
    expect(exitCode).toBe(1);
    expect(errors).toBe("It broke\n  because: of old age\n");
    expect((await ran("fail --trace", [failing(error)])).errors).toContain("run.test.ts");
    expect(await ran("fail", [failing("text")])).toMatchObject({ exitCode: 1, errors: "text\n" });
  });
});
