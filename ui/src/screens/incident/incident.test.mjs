// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: "silent" })).module;
const { agreements, bySide, bySource, countFigure } = await load("accounts.ts");
const { opposed, ordered } = await load("disputes.ts");
const { bars } = await load("ranges.ts");
const { opposite } = await load("undo.ts");

let n = 0;
const account = (more) => ({
  report: "r", claim: `c${(n += 1)}`, type: "air_strike", certainty: "asserted", says: ["A"], sides: [], date: null, places: [], actors: [], targets: [],
  counts: [], sentence: "It was so.", published: null, publisher: null, ...more,
});

test("columns by side end with who speaks for none, and an account of two sides is in both", () => {
  const both = account({ sides: ["opposition", "government"], published: "2016-12-02" });
  const none = account({ published: "2016-12-01" });
  const first = account({ sides: ["government"], published: "2016-12-01" });
  const out = bySide([none, both, first]);
  assert.deepEqual(out.map((c) => c.name), ["government", "opposition", ""]);
  assert.deepEqual(out[0].accounts, [first, both]);
});

test("columns by source: who was heard first stands first, an outlet speaks where nobody is named", () => {
  const out = bySource([account({ says: ["B"], published: "2016-12-02" }), account({ says: [], publisher: "Wire", published: "2016-12-01" }), account({ says: [] })]);
  assert.deepEqual(out.map((c) => c.name), ["Wire", "B", "the report"]);
});

test("silence is neither agreement nor difference", () => {
  const told = [account({ places: ["Idlib"], date: "2016-12-01" }), account({ places: ["the Idlib"] }), account({}), account({ places: [], date: "2016-12-02" })];
  const out = agreements({ accounts: told, disputes: [] });
  assert.deepEqual(out.find((a) => a.field === "Where"), { field: "Where", says: "Idlib", by: 2, of: 2 });
  assert.equal(out.find((a) => a.field === "When"), undefined); // one each
  assert.deepEqual(out.find((a) => a.field === "What"), { field: "What", says: "Air strike", by: 4, of: 4 });
});

test("parts are compared only where all accounts tell of one thing", () => {
  const lost = { type: "territory_lost", actors: ["Army"], targets: ["Rebels"] };
  const told = [account(lost), account(lost), account({ type: "territory_taken", actors: ["Rebels"] })];
  assert.deepEqual(agreements({ accounts: told, disputes: [] }).filter((a) => a.field !== "What"), [
    { field: "Parties", says: "Rebels", by: 3, of: 3 },
    { field: "Parties", says: "Army", by: 2, of: 3 },
  ]);
  assert.deepEqual(agreements({ accounts: told.slice(0, 2), disputes: [] }).map((a) => a.field), ["What", "Who", "To whom"]);
});

test("dates that have a day in common agree on it", () => {
  const told = ["2016-12-10/2016-12-11", "2016-12-11", "2016-12", "2016-11-02"].map((date) => account({ date }));
  assert.deepEqual(agreements({ accounts: told, disputes: [] }).find((a) => a.field === "When"), { field: "When", says: "11 December 2016", by: 3, of: 4 });
  const apart = ["2016-12-01", "2016-12-05"].map((date) => account({ date }));
  assert.equal(agreements({ accounts: apart, disputes: [] }).find((a) => a.field === "When"), undefined);
});

test("dates within a position are told in words", () => {
  const says = (text) => opposed({ about: "date", kind: "contradiction", positions: [{ says: text, sources: [], claims: [] }] }).sides[0].says;
  assert.equal(says("on 2016-12-10"), "on 10 December 2016");
  assert.equal(says("2016-12-10/2016-12-11 or 2016-12"), "10 to 11 December 2016 or December 2016");
  assert.equal(says("call 555-2016-12-1011, at least 1200-1300 killed.."), "call 555-2016-12-1011, at least 1200-1300 killed..");
});

test("what is disputed is not agreed on, and a denial agrees with nobody", () => {
  const told = [account({ actors: ["Russia"] }), account({ actors: ["Russia"] }), account({ certainty: "denied", places: ["Idlib"] }), account({ places: ["Idlib"] })];
  const dispute = { about: "actor", kind: "contradiction", positions: [] };
  assert.deepEqual(agreements({ accounts: told, disputes: [dispute] }).map((a) => a.field), ["What"]);
  assert.deepEqual(agreements({ accounts: told, disputes: [{ ...dispute, kind: "compatible" }] }).map((a) => a.field), ["What", "Who"]);
});

test("figures are said as they were said", () => {
  assert.equal(countFigure({ min: 300, max: 300 }), "300");
  assert.equal(countFigure({ min: 4001, max: null }), "more than 4,000");
  assert.equal(countFigure({ min: 301, max: null, approx: true }), "more than 300");
  assert.equal(countFigure({ min: 51, max: null }), "more than 50");
  assert.equal(countFigure({ min: 41, max: null }), "at least 41");
  assert.equal(countFigure({ min: 300, max: null }), "at least 300");
  assert.equal(countFigure({ min: 1, max: null }), "at least 1");
  assert.equal(countFigure({ min: 301, max: 400 }), "301 to 400");
  assert.equal(countFigure({ min: null, max: 50 }), "at most 50");
  assert.equal(countFigure({ min: 40, max: 40, approx: true }), "about 40");
  assert.equal(countFigure({ min: 12, max: 23 }), "12 to 23");
  assert.equal(countFigure({ min: null, max: null }), "an unknown number");
});

test("positions stand in the order in which they were taken", () => {
  const told = account({ report: "r1", claim: "c1", says: ["B"], sides: ["opposition"], known: "2016-12-01", sentence: "Twenty." });
  const out = opposed({
    about: "count", kind: "update",
    positions: [
      { says: "23 killed", sources: ["B"], claims: [], since: "2016-12-05", held_by: [{ source: "B", side: "opposition", since: "2016-12-05", claims: [] }] },
      { says: "20 killed", sources: ["B"], claims: [{ report: "r1", claim: "c1" }] },
    ],
  }, [told]);
  assert.deepEqual(out.sides.map((s) => [s.says, s.since]), [["20 killed", "2016-12-01"], ["23 killed", "2016-12-05"]]);
  assert.equal(out.sides[0].holders[0].claims[0].sentence, "Twenty.");
  assert.deepEqual(out.wavering, ["B"]);
  assert.equal(out.question, "How many?");
  assert.deepEqual(ordered([{ kind: "update" }, { kind: "contradiction" }]).map((d) => d.kind), ["contradiction", "update"]);
});

test("bars stand on one scale, and an open end runs on", () => {
  const out = bars({ what: "killed", min: 12, max: null, best: 17, rule: "", by_side: [{ side: "government", min: 12, max: 12, sources: ["X"] }, { side: null, min: 21, max: null, sources: [] }] });
  assert.equal(out.top, 30);
  assert.equal(out.all.words, "at least 12");
  assert.equal(out.all.left + out.all.width, 100);
  assert.ok(out.all.openHigh && !out.all.openLow);
  assert.equal(out.sides[0].left + out.sides[0].width / 2, 40); // a single figure stands in the middle of its bar
  assert.ok(out.sides[0].width >= 1);
  assert.deepEqual(out.sides.map((s) => s.side), ["government", null]);
  for (const b of [out.all, ...out.sides]) assert.ok(b.left >= 0 && b.left + b.width <= 100.01, JSON.stringify(b));
  assert.equal(bars({ what: "killed", min: 0, max: 0, best: 0, rule: "" }).all.words, "0");
});

const ref = (claim) => ({ report: "r", claim });
const group = (id, ...claims) => ({ id, claims: claims.map(ref) });

test("the opposite of a decision puts the incidents back", () => {
  const told = (what, before, after) => opposite({ at: "", what, before: { incidents: before }, after: { incidents: after } });
  assert.deepEqual(told("incidents merged", [group("i1", "c1"), group("i2", "c2", "c3")], [group("i1", "c1", "c2", "c3")]), [{ verb: "split", id: "i1", claims: [ref("c2"), ref("c3")] }]);
  assert.deepEqual(told("incident split", [group("i1", "c1", "c2")], [group("i1", "c1"), group("i2", "c2")]), [{ verb: "merge", ids: ["i1", "i2"] }]);
  // what was split off has joined another incident, which stays where it is
  assert.deepEqual(told("incident split", [group("i1", "c1", "c2", "c3")], [group("i1", "c1"), group("i2", "c2"), group("i3", "c3", "c9")]), [
    { verb: "merge", ids: ["i1", "i2"] },
    { verb: "move", claim: ref("c3"), to: "i1" },
  ]);
  // all of it has joined other incidents: what was together is, where most of it stands
  assert.deepEqual(told("incident split", [group("i1", "c1", "c2", "c3")], [group("i7", "c3", "c7"), group("i8", "c1", "c2", "c8")]), [{ verb: "move", claim: ref("c3"), to: "i8" }]);
  assert.deepEqual(told("claim moved", [group("i1", "c1", "c2", "c4"), group("i3", "c3", "c5")], [group("i1", "c1", "c4"), group("i2", "c2", "c3", "c5")]), [{ verb: "move", claim: ref("c2"), to: "i1" }]);
  assert.deepEqual(told("claim moved", [group("i3", "c3"), group("i1", "c1", "c2")], [group("i1", "c1"), group("i2", "c2", "c3")]), [{ verb: "move", claim: ref("c2"), to: "i1" }]);
  // a claim that was an incident by itself becomes one again
  assert.deepEqual(told("claim moved", [group("i2", "c2"), group("i3", "c3", "c5")], [group("i2", "c2", "c3", "c5")]), [{ verb: "split", id: "i2", claims: [ref("c2")] }]);
  assert.equal(told("source rated", [], []), null);
  assert.equal(opposite({ at: "", what: "source rated", before: { reliability: "F" }, after: { reliability: "B" } }), null);
});
