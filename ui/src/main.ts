import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { ask } from "./lib/early";
import { filters } from "./lib/filters.svelte";
import { loadInfo } from "./lib/info.svelte";
import { router } from "./lib/router.svelte";
import { screens } from "./lib/screens";
import { loadSession } from "./screens/login/entrance";

// what the first screen is made of and what it tells are fetched side by side, not one after the other
const { screen } = router.route;
if (screen === "overview" && !filters.accordingTo) ask();
if (screen !== "unknown") screens[screen].load?.().catch(() => undefined); // App tells of it
void loadSession();
void loadInfo();
const target = document.getElementById("app");
if (target) mount(App, { target });
