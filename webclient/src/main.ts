/** Where the page begins. */

import "./app.css";
import { mount } from "svelte";
import App from "./parts/App.svelte";
import { app } from "./state/app.svelte";

void app.start();
mount(App, { target: document.body });
