// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: "silent" })).module;
const { points } = await load("points.ts");
const { blocks, claimsAt, marks, runs } = await load("runs.ts");
const { chainWords, parts, roles } = await load("parts.ts");
const { target, toClaim, toSpan } = await load("permalink.ts");
const { moment, onDay } = await load("when.ts");
const { plain } = await load("../../lib/edtf.ts");

test("code points are counted as Python counts them", () => {
  const text = "a💥ب👨‍👩‍👧é𐤀z"; // the family is five code points: three people, two joiners
  const at = points(text);
  const split = Array.from(text);
  assert.equal(at.length, split.length);
  for (let i = 0; i <= split.length; i += 1) {
    assert.equal(at.slice(0, i), split.slice(0, i).join(""));
    assert.equal(at.slice(i, split.length), split.slice(i).join(""));
    assert.equal(at.point(at.unit(i)), i);
  }
  assert.equal(at.point(2), 1); // the second half of the explosion belongs to it
});

test("offsets beyond the text are drawn in, with and without surrogates", () => {
  assert.equal(points("abc").slice(1, 99), "bc");
  assert.equal(points("a💥c").slice(-4, 99), "a💥c");
  assert.equal(points("").length, 0);
});

test("half a pair counts as one, as in Python", () => {
  const at = points("a\ud83dz");
  assert.equal(at.length, 3);
  assert.equal(at.slice(2, 3), "z");
});

test("overlapping marks are cut where any of them begins or ends", () => {
  const slice = (s, e) => "0123456789".slice(s, e);
  const out = runs(0, 10, [
    { start: 0, end: 6, layer: "claim", id: "c1" },
    { start: 3, end: 9, layer: "claim", id: "c2" },
    { start: 4, end: 5, layer: "mention", id: "m1" },
  ], slice);
  assert.deepEqual(out.map((r) => r.text), ["012", "3", "4", "5", "678", "9"]);
  assert.deepEqual(out.map((r) => r.marks.map((m) => m.id).join()), ["c1", "c1,c2", "c1,c2,m1", "c1,c2", "c2", ""]);
});

const reading = (text, more = {}) => ({ report: { text, passages: [] }, mentions: [], attributions: [], claims: [], ...more });

test("runs give back the text, whatever the marks are", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const letters = ["a", " ", "💥", "حلب", "\n", "é", "𐤀"];
  for (let round = 0; round < 60; round += 1) {
    const text = Array.from({ length: random(60) }, () => letters[random(letters.length)]).join("");
    const split = Array.from(text);
    const spans = Array.from({ length: random(12) }, (_, i) => {
      const start = random(split.length + 1);
      return { id: `m${i}`, type: "actor", start, end: start + random(12) };
    });
    const passages = split.length > 4 ? [{ start: 0, end: random(split.length), kind: "headline" }] : [];
    const out = blocks({ ...reading(text, { mentions: spans }), report: { text, passages } });
    for (const block of out) {
      assert.equal(block.runs.map((r) => r.text).join(""), split.slice(block.start, block.end).join(""));
      for (const run of block.runs) {
        const covering = spans.filter((s) => s.start <= run.start && s.end >= run.end && s.end > s.start).map((s) => s.id);
        assert.deepEqual([...run.marks.map((m) => m.id)].sort(), covering.sort());
      }
    }
    assert.equal(out.map((b) => split.slice(b.start, b.end).join("")).join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
  }
});

test("a mark over two paragraphs is in both", () => {
  const out = blocks(reading("One two\nthree four", { claims: [{ id: "c1", type: "siege", start: 4, end: 13 }] }));
  assert.deepEqual(out.map((b) => b.runs.filter((r) => r.marks.length).map((r) => r.text)), [["two"], ["three"]]);
});

test("passages keep their kind, and what repeats is told", () => {
  const text = "Title\nLead. Body here";
  const out = blocks({ ...reading(text), report: { text, passages: [{ start: 0, end: 5, kind: "headline" }, { start: 6, end: 11, kind: "lead", repeats: 0 }] } });
  assert.deepEqual(out.map((b) => [b.kind, b.repeats]), [["headline", false], ["lead", true], ["body", false]]);
});

test("the claim with the shortest clause is chosen first", () => {
  const all = marks(reading("x".repeat(30), { claims: [{ id: "c1", type: "siege", start: 0, end: 30 }, { id: "c2", type: "siege", start: 5, end: 12, trigger: { start: 5, end: 6 } }] }));
  assert.deepEqual(claimsAt(all), ["c2", "c1"]);
});

test("a claim's parts are found in the text, each labelled where it begins", () => {
  const chosen = parts({ id: "c1", actors: ["m1"], targets: [], places: ["m2"], times: ["m3"], counts: [{ mention: "m4" }], sources: [["a1", "a2"]] });
  const mark = (layer, id, start, end) => ({ layer, id, start, end });
  assert.deepEqual(roles([mark("claim", "c1", 0, 20), mark("mention", "m1", 5, 9)], 5, chosen), { all: ["clause", "who"], begin: ["who"] });
  assert.deepEqual(roles([mark("claim", "c2", 0, 20), mark("mention", "m9", 5, 9)], 5, chosen), { all: [], begin: [] });
  assert.deepEqual(roles([mark("source", "a2", 3, 4)], 3, chosen).all, ["says"]);
  assert.equal(chainWords(["SANA", "an officer"]), "an officer, quoted by SANA");
  assert.equal(chainWords(["SANA"]), "SANA");
});

test("links to a sentence and to a claim are read back", () => {
  assert.deepEqual(target(toSpan(12, 90)), { start: 12, end: 90 });
  assert.deepEqual(target(toClaim("c3")), { claim: "c3" });
  assert.deepEqual(target("#claim=c3"), { claim: "c3" });
  for (const odd of ["", "#", "#s=9-2", "#s=1", "#%E0%A4%A", "#<script>"]) assert.equal(target(odd), null, odd);
});

test("dates are told in plain words", () => {
  const told = {
    "2016": "2016", "2016-12": "December 2016", "2016-12-01": "1 December 2016", "2016-22": "summer 2016", "2016-12~": "about December 2016",
    "2016-12-11?": "perhaps 11 December 2016", "2016-12-XX": "December 2016", "2016-XX-XX": "2016", "2016-12-10/2016-12-11": "10 to 11 December 2016",
    "2016-11-30/2016-12-02": "30 November to 2 December 2016", "2015-12-31/2016-01-02": "31 December 2015 to 2 January 2016", "2015/2016": "2015 to 2016",
    "2016-12-11/..": "since 11 December 2016", "../2016-03": "until March 2016", "2016-03~/2016-05": "about March to May 2016",
    "2016-12-11/2016-12-11": "11 December 2016", "2016-21/2016-22": "spring to summer 2016",
  };
  for (const [date, words] of Object.entries(told)) assert.equal(plain(date), words, date);
  assert.equal(plain(null), "date unknown");
  assert.equal(plain("last Tuesday"), "last Tuesday");
  assert.equal(onDay("2016-12-11"), "on 11 December 2016");
  assert.equal(onDay("2016-12"), "in December 2016");
  assert.equal(onDay("2016-12-11/.."), "since 11 December 2016");
  assert.equal(onDay("2016-12-10/2016-12-11"), "from 10 to 11 December 2016");
  assert.equal(onDay(null), "");
  assert.equal(moment("2026-11-26T07:10:11.123+00:00"), "26 November 2026, 07:10 UTC");
});
