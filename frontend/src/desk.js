// The desk's script. Everything works without it; each line here makes something quicker.
import { begin, behaviour, lazily } from "./behaviours.js";
import { focusOn } from "./focus.js";
import "./htmx.js";
import "./dialogs.js";
import "./keys.js";
import * as autosave from "./autosave.js";
import * as countdown from "./countdown.js";
import * as drop from "./drop.js";
import * as inbox from "./inbox.js";
import * as keymap from "./keymap.js";
import * as leaving from "./leaving.js";
import * as menus from "./menus.js";
import * as mergeFields from "./merge_fields.js";
import * as notices from "./notices.js";
import * as preview from "./preview.js";
import * as ticking from "./ticking.js";

behaviour("focused", focusOn);
behaviour("autosave", autosave.start);
behaviour("countdown", countdown.start);
behaviour("drop", drop.start);
behaviour("guarded", leaving.start);
behaviour("clipboard", inbox.clipboard);
behaviour("beside", inbox.beside);
behaviour("follows", inbox.follows);
behaviour("selection", inbox.selection);
behaviour("sends-itself", inbox.sendsItself);
behaviour("keymap", keymap.start);
behaviour("menu", menus.start);
behaviour("merge-fields", mergeFields.start);
behaviour("notice", notices.start);
behaviour("preview", preview.start);
behaviour("ticking", ticking.start);
lazily("compose", () => import("./compose.js"));
lazily("chart", () => import("./chart.js"));
lazily("rich-text", () => import("./editor/start.js"));

begin();
