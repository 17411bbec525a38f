// The desk's script. Everything works without it; each line here makes something quicker.
import { begin, behaviour } from "./behaviours.js";
import { focusOn } from "./focus.js";
import "./htmx.js";

behaviour("focused", focusOn);

begin();
