// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: "silent" })).module;
const { byKind, pieces, wordsOf } = await load("hits.ts");
const { share, sorted } = await load("../sources/rating.ts");
const { events, outcome } = await load("../add/progress.ts");

test("words that were searched for are marked, whatever their case and characters", () => {
  assert.deepEqual(pieces("Rebels took Idlib (city).", wordsOf("IDLIB (city)")).filter((p) => p.hit).map((p) => p.text), ["Idlib", "(city)"]);
  assert.deepEqual(pieces("قصف على حلب 💥", wordsOf("حلب")).filter((p) => p.hit).map((p) => p.text), ["حلب"]);
  for (const q of ["a.*", "[", "\\", "-", "💥", "$&"]) {
    assert.equal(pieces("plain <b>text</b> a.* [ \\ - 💥 $&", wordsOf(q)).map((p) => p.text).join(""), "plain <b>text</b> a.* [ \\ - 💥 $&");
  }
  assert.deepEqual(pieces("", ["a"]), []);
});

test("kinds without a find are left out", () => {
  assert.deepEqual(byKind([{ kind: "sentence", label: "a" }, { kind: "place", label: "b" }]).map((k) => k.title), ["Places", "Sentences"]);
});

test("sources are put in order, the unknown last", () => {
  const row = (name, claims, first, reliability = "F") => ({ name, claims, first, last: first, reliability });
  const rows = [row("b", 1, null), row("a", 9, "2016-02-01", "B"), row("c", 5, "2016-01-01")];
  const names = (order) => sorted(rows, order).map((r) => r.name).join("");
  assert.deepEqual(["claims", "name", "first", "last", "reliability"].map(names), ["acb", "abc", "cab", "acb", "acb"]);
  assert.deepEqual(share({ name: "x", agree: 3, dispute: 1 }), { met: 4, disputed: 25 });
  assert.deepEqual(share({ name: "x", agree: 0, dispute: 0 }), { met: 0, disputed: 0 });
});

test("progress is told in order, what failed with its reason", () => {
  const job = events({ done: 2, of: 3, kept: [{ report: "r1", name: "a.txt", title: "A", added: true, claims: 4 }, { report: "r2", name: "b.txt", added: false, claims: 0 }], failed: [{ name: "c.pdf", error: "no text in it" }, "odd"] });
  assert.deepEqual(job.items.map((i) => [i.name, i.state]), [["a.txt", "kept"], ["b.txt", "known"], ["c.pdf", "failed"], ["odd", "failed"]]);
  assert.equal(job.percent, 67);
  assert.equal(outcome(job), "1 report added, 1 known already, 2 not read.");
  assert.equal(outcome(events({ done: 0, of: 1, kept: [], failed: [] })), "Nothing was added.");
});
