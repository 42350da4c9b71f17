// The one script of the frame. Each island attaches itself to what it finds and does nothing on pages without it.
import { startCompare } from "./compare";
import { startKeep } from "./keep";
import { startLive } from "./live";
import { startKeys } from "./keys";
import { startMenus } from "./menus";
import { startPreview } from "./preview";
import { startReply } from "./reply";
import { startScan } from "./scan";
import { startThumbs } from "./thumbs";
import { startTickets } from "./tickets";
import { startTimes } from "./times";
import { startUpload } from "./upload";
import { startViewer } from "./viewer";

startCompare();
startKeep();
startKeys();
startLive();
startMenus();
startPreview();
startReply();
startScan();
startThumbs();
startTickets();
startTimes();
startUpload();
startViewer();
document.documentElement.dataset["scripted"] = ""; // says that keys and menus work from now on
