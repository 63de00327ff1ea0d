import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { loadInfo } from "./lib/info.svelte";
import { loadSession } from "./screens/login/entrance";

void loadSession();
void loadInfo();
const target = document.getElementById("app");
if (target) mount(App, { target });
