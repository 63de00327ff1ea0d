// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: "silent" })).module;
const { alsoCalled, byKind, pieces, wordsOf } = await load("hits.ts");
const { share, sorted } = await load("../sources/rating.ts");
const { plainly } = await load("../../lib/problems.ts");
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

test("dates that are none and files of no known form are told in the words of the shell", () => {
  const remark = "rows.csv: line 2: published 'sometime' is no date that Tadmor reads; the report has no date";
  const job = events({
    done: 3,
    of: 3,
    kept: [{ report: "r1", name: "rows.csv", added: true, claims: 1, remark }],
    failed: [{ name: "map.jpg", error: "no text: it is a JPEG image", left_out: true }, { name: "c.pdf", error: "no text in it" }],
    left_out: "1 file of no known form was left out: map.jpg",
  });
  assert.equal(job.items[0].remark, remark);
  assert.equal(
    outcome(job),
    "1 report added, 1 not read. 1 report without a date, for what is said of it is none. 1 file of no known form was left out: map.jpg.",
  );
});

test("what went wrong is told in plain words, and the advice once", () => {
  const told = (status, detail, title = "Unprocessable Entity") => plainly({ status, title, detail }, "this place");
  const twice = "not a date as Tadmor writes it: 'foo'; write 2016-12-11, 2016-12, or 2016; write 2016-12-11, 2016-12 or 2016";
  assert.deepEqual(told(422, twice), { title: "That is no date", detail: "Write 2016-12-11, 2016-12, or 2016, not 'foo'." });
  assert.deepEqual(told(422, "no such day: '2016-13-45'; write year, month and day, as in 2016-12-11"), {
    title: "There is no such day",
    detail: "Write year, month and day, as in 2016-12-11, not '2016-13-45'.",
  });
  assert.deepEqual(told(422, "type 'x' is none"), { title: "This cannot be taken as it is", detail: "type 'x' is none" });
  assert.equal(told(404, "", "Not Found").title, "The ledger does not know this place");
  assert.equal(told(500, "", "Internal Server Error").title, "The server could not answer");
  assert.equal(told(0, "", "The server does not answer").title, "The server does not answer");
});

test("what was found by another name says by which", () => {
  const meant = [
    { asked: "ISIS", entity: "actor:islamic-state", name: "Daesh" },
    { asked: "Tadmur", entity: "geonames:163808", name: "Palmyra" },
  ];
  assert.equal(alsoCalled(meant), "ISIS is Daesh here · Tadmur is Palmyra here");
  assert.equal(alsoCalled([]), "");
});
