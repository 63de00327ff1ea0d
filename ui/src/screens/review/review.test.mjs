// node --test "src/**/*.test.mjs", from ui/
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: "silent" })).module;
const { addName, assign, chainOf, changed, draftOf, faults, isDate, nudge, within } = await load("draft.ts");
const { around, locate, nearest } = await load("located.ts");
const { stretch } = await load("selection.ts");
const { actOf, KEYS } = await load("keys.ts");
const { alphaWords, claimWords, didWords, differing, fieldWords } = await load("words.ts");

const TEXT = "Market hit\nRed Brigade shelled Aleppo on Monday, the Northern Agency said.\nAleppo has been calm since.";
const span = (words, from = 0) => {
  const start = TEXT.indexOf(words, from);
  return { start, end: start + words.length, text: words };
};
const coding = (more = {}) => ({
  type: "shelling", certainty: "asserted", ...span("Red Brigade shelled Aleppo"), trigger: span("shelled"), sources: [["Northern Agency"]],
  actors: [{ name: "Red Brigade", entity: "actor:red-brigade" }], targets: [], places: [{ name: "Aleppo", entity: null }], date: "2016-12-12",
  counts: [{ what: "killed", min: 3, max: 3, approx: false, of: null }], ...more,
});

test("nothing changed is nothing to send", () => {
  assert.deepEqual(changed(coding(), draftOf(coding())), {});
  assert.deepEqual(changed(coding({ trigger: undefined }), draftOf(coding({ trigger: null }))), {});
});

test("only what is another is sent, in the form that the API takes", () => {
  const before = coding();
  let draft = draftOf(before);
  draft = assign(draft, "targets", span("Market"));
  draft = assign(draft, "places", span("Aleppo", 60));
  assert.equal(draft.places.length, 1); // it is there already, and shown where it was chosen
  assert.deepEqual(draft.places[0].at, { start: TEXT.lastIndexOf("Aleppo"), end: TEXT.lastIndexOf("Aleppo") + 6 });
  assert.deepEqual(changed(before, draft), { targets: ["Market"] });
  assert.deepEqual(changed(before, { ...draftOf(before), date: "  ", certainty: "hedged" }), { certainty: "hedged", date: null });
  assert.deepEqual(changed(before, { ...draftOf(before), actors: [...before.actors, { name: "a column" }] }), {
    actors: [{ name: "Red Brigade", entity: "actor:red-brigade" }, "a column"],
  });
  assert.deepEqual(changed(before, { ...draftOf(before), counts: [{ what: "killed", min: 3, max: null }] }), {
    counts: [{ what: "killed", min: 3, max: null, approx: false, of: null }],
  });
});

test("a clause keeps its trigger as long as it has it, and a trigger stands in its clause", () => {
  const draft = draftOf(coding());
  const longer = assign(draft, "clause", span("Red Brigade shelled Aleppo on Monday"));
  assert.deepEqual(longer.trigger, span("shelled"));
  assert.deepEqual(Object.keys(changed(coding(), longer)).sort(), ["clause", "trigger"]); // which a new clause would drop
  assert.equal(assign(draft, "clause", span("Aleppo on Monday")).trigger, null);
  assert.deepEqual(assign(draft, "trigger", span("calm")), draft);
  assert.equal(within(span("Monday"), draft), false);
  assert.deepEqual(assign(draft, "trigger", span("shelled Aleppo")).trigger, span("shelled Aleppo"));
});

test("sources are chains, outermost first", () => {
  assert.deepEqual(chainOf("SANA >  an officer"), ["SANA", "an officer"]);
  assert.deepEqual(chainOf(" > "), []);
  const draft = draftOf(coding());
  assert.deepEqual(assign(draft, "sources", span("Northern Agency")).sources, [["Northern Agency"]]);
  assert.deepEqual(assign(draft, "sources", span("Red Brigade")).sources, [["Northern Agency"], ["Red Brigade"]]);
  assert.deepEqual(addName([{ name: "the Army" }], "  army "), [{ name: "the Army" }]);
});

test("what is wrong is told before it is sent", () => {
  for (const good of ["2016", "2016-12", "2016-12-11", "2016-12~", "2016-12-11?", "2016-12-09/2016-12-11", "2016-12-11/..", "../2016-03", "2016-XX-XX"]) assert.ok(isDate(good), good);
  for (const bad of ["last week", "11.12.2016", "2016-1-2", "2016-12-11/", "..", "20161211"]) assert.ok(!isDate(bad), bad);
  assert.deepEqual(faults(draftOf(coding())), {});
  assert.ok(faults(draftOf(coding({ date: "soon" }))).date);
  assert.match(faults(draftOf(coding({ counts: [{ what: "area_ha", min: 5, max: 2 }] }))).counts, /area ha/);
  assert.ok(faults(draftOf(coding({ counts: [{ what: "killed", min: null, max: null }] }))).counts);
});

test("a clause is moved word by word, and never turned inside out", () => {
  const at = (edge, by, from) => {
    const { start, end } = nudge(TEXT, from, edge, by);
    return TEXT.slice(start, end);
  };
  const clause = span("shelled Aleppo");
  assert.equal(at("start", -1, clause), "Brigade shelled Aleppo");
  assert.equal(at("start", 1, clause), "Aleppo");
  assert.equal(at("end", 1, clause), "shelled Aleppo on");
  assert.equal(at("end", -1, clause), "shelled");
  assert.equal(at("start", 1, span("Aleppo")), "Aleppo");
  assert.equal(at("start", -1, span("Market")), "Market");
  const end = { start: TEXT.length - 6, end: TEXT.length };
  assert.deepEqual(nudge(TEXT, end, "end", 1), end);
  assert.deepEqual(nudge("💥 took 💥", { start: 2, end: 6 }, "end", 1), { start: 2, end: 8 }); // code points, not units
});

test("a selection is drawn out to whole words, in code points", () => {
  const paragraph = { start: 11, text: TEXT.slice(11, TEXT.indexOf("\n", 11)) };
  const unit = (n) => ({ paragraph, unit: n });
  assert.deepEqual(stretch(TEXT, unit(14), unit(21)), span("shelled Aleppo")); // from within "shelled" into "Aleppo"
  assert.deepEqual(stretch(TEXT, unit(19), unit(27)), span("Aleppo")); // with the spaces around it
  assert.equal(stretch(TEXT, unit(19), unit(19)), null);
  const odd = "💥💥 Idlib fell";
  const shown = { start: 0, text: odd };
  assert.deepEqual(stretch(odd, { paragraph: shown, unit: odd.indexOf("Idlib") + 1 }, { paragraph: shown, unit: odd.indexOf("Idlib") + 3 }), { start: 3, end: 8, text: "Idlib" });
  const second = { start: TEXT.lastIndexOf("Aleppo"), text: TEXT.slice(TEXT.lastIndexOf("Aleppo")) };
  assert.equal(stretch(TEXT, unit(paragraph.text.length - 5), { paragraph: second, unit: 6 }).text, "said.\nAleppo");
});

const reading = () => ({
  report: { id: "r1", text: TEXT, passages: [] },
  mentions: [
    { id: "m1", type: "actor", ...span("Red Brigade") },
    { id: "m2", type: "place", ...span("Aleppo"), name: "Aleppo" },
    { id: "m3", type: "place", ...span("Aleppo", 60), name: "Aleppo" },
    { id: "m4", type: "time", ...span("Monday") },
  ],
  attributions: [{ id: "a1", source: { ...span("Northern Agency"), name: "Northern Agency" }, cue: span("said"), content: [] }],
});
const record = () => ({
  id: "c1", type: "shelling", ...span("Red Brigade shelled Aleppo"), also: [], trigger: span("shelled"), sources: [["a1"]], source_names: [["Northern Agency"]],
  actors: ["m1"], actor_names: ["Red Brigade"], targets: [], target_names: [], places: ["m2"], place_names: ["Aleppo"], times: ["m4"], date: "2016-12-12", counts: [],
});

test("the parts of a coding are found by their mentions, and without them by their words nearest to the clause", () => {
  const told = locate(reading(), coding(), record());
  assert.deepEqual([...told.chosen.keys()].filter((k) => k.startsWith("mention")).sort(), ["mention:m1", "mention:m2", "mention:m4"]);
  assert.deepEqual(told.missing, []);
  const other = locate(reading(), coding({ date: "2016-12-13", targets: [{ name: "market" }], places: [{ name: "Aleppo" }, { name: "Homs" }], sources: [["a witness"]] }), null);
  const target = other.marked.mentions.find((m) => m.id === "targets-0");
  assert.deepEqual([target.start, target.end], [0, 6]);
  assert.ok(other.chosen.has("mention:m2") && !other.chosen.has("mention:m3") && !other.chosen.has("mention:m4"));
  assert.deepEqual(other.missing.map((m) => m.name).sort(), ["Homs", "a witness"]);
  assert.deepEqual(nearest("banana Ana", "ana", 0), { start: 7, end: 10 });
  assert.equal(nearest("x", "(", 0), null);
});

test("the paragraphs around the clause are shown", () => {
  const blocks = [0, 10, 20, 30, 40].map((start) => ({ start, end: start + 9 }));
  assert.deepEqual(around(blocks, { start: 21, end: 25 }), { first: 1, last: 3 });
  assert.deepEqual(around(blocks, { start: 41, end: 45 }), { first: 3, last: 4 });
  assert.deepEqual(around(blocks, { start: 1, end: 15 }), { first: 0, last: 2 });
});

test("keys with a modifier, and keys held down, decide nothing", () => {
  const press = (key, more = {}) => actOf({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });
  assert.deepEqual(KEYS.map((k) => press(k.key)), KEYS.map((k) => k.act));
  assert.equal(press("A"), "accept");
  assert.equal(press("a", { ctrlKey: true }), null);
  assert.equal(press("a", { repeat: true }), null);
  assert.equal(press("j", { repeat: true }), "next");
  assert.equal(press("x"), null);
});

test("claims, and what was done to them, in words", () => {
  const now = coding({ type: "air_strike", date: null });
  assert.equal(claimWords(coding()), "Shelling · Red Brigade · Aleppo · 12 December 2016");
  assert.equal(fieldWords("counts", coding()), "3 killed");
  assert.equal(fieldWords("sources", coding({ sources: [] })), "the report, in its own voice");
  assert.equal(fieldWords("claim", null), "no claim");
  assert.deepEqual(differing(coding(), now), ["type", "date"]);
  const review = { what: "correct", adjudicates: false, before: coding(), after: now };
  assert.equal(didWords(review), "corrected what and when");
  assert.equal(didWords({ ...review, what: "accept", adjudicates: true }), "accepted it, settling it");
  assert.equal(alphaWords(0.7), "for tentative conclusions");
  assert.equal(alphaWords(null), "nothing varies");
});
