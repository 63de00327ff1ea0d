/** Screens by name, each its own part of the build, fetched when it is first looked at. */

import type { Component } from "svelte";
import type { Screen } from "./router.svelte";

type Loader = () => Promise<{ default: Component<{ param: string }> }>;
const files = import.meta.glob<{ default: Component<{ param: string }> }>([
  "../screens/{overview,place,incident,report,sources,review,search,add,watch,export,members}/{Overview,Place,Incident,Report,Sources,Source,Review,Search,Add,Watch,Export,Members}.svelte",
]);
const at = (path: string) => files[`../screens/${path}.svelte`] as Loader | undefined;

export const screens: Record<Exclude<Screen, "unknown">, { title: string; load: Loader | undefined }> = {
  overview: { title: "Overview", load: at("overview/Overview") },
  place: { title: "Place", load: at("place/Place") },
  incident: { title: "Incident", load: at("incident/Incident") },
  report: { title: "Report", load: at("report/Report") },
  sources: { title: "Sources", load: at("sources/Sources") },
  source: { title: "Source", load: at("sources/Source") },
  review: { title: "Review", load: at("review/Review") },
  search: { title: "Search", load: at("search/Search") },
  members: { title: "Team", load: at("members/Members") },
  export: { title: "Export", load: at("export/Export") },
  add: { title: "Add reports", load: at("add/Add") },
  watch: { title: "Watch", load: at("watch/Watch") },
};
