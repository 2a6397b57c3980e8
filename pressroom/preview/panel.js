// The preview's script: loads the page again when a file was saved, and says beside it what is wrong.

const known = performance.getEntriesByType("navigation")[0]?.serverTiming;
let here = known?.find((entry) => entry.name === "shown")?.description;
let source = null;

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function bothWays(zh, en) {
  return [
    make("p", { lang: "zh-Hans" }, ...[zh].flat()),
    make("p", { lang: "en" }, ...[en].flat()),
  ];
}

function list(problems) {
  return make(
    "ol",
    {},
    ...problems.map((problem) =>
      make(
        "li",
        { className: `preview-panel__${problem.severity}` },
        make("code", {}, problem.place),
        ...(problem.value ? [" ", make("q", {}, problem.value)] : []),
        ...bothWays(...[problem.zh, problem.en].map(([what, mend]) => what + (mend ? ` → ${mend}` : ""))),
      ),
    ),
  );
}

function draw({ behind, count, errors, notes }) {
  document.getElementById("preview-panel")?.remove();
  if (document.querySelector(".preview-panel--page") || !(errors.length + notes.length)) return;
  const panel = make("section", { id: "preview-panel", className: "preview-panel" });
  panel.setAttribute("aria-label", "预览 Preview");
  if (errors.length) {
    panel.setAttribute("role", "alert");
    const last = behind ? ["，下面是最后一版好的页面。", "; below is the last good page."] : ["。", "."];
    panel.append(
      make(
        "div",
        { className: "preview-panel__title" },
        ...bothWays(
          `内容有${count}处错误，改正之前不能发布${last[0]}`,
          `The content has ${count} error${count === 1 ? "" : "s"} and cannot be published${last[1]}`,
        ),
      ),
      list(errors),
    );
  }
  if (notes.length) {
    panel.append(
      make(
        "details",
        {},
        make("summary", {}, `这一篇还有${notes.length}条提示 · `, make("span", { lang: "en" }, `${notes.length} notes on this page`)),
        list(notes),
      ),
    );
  }
  document.body.prepend(panel);
}

function listen() {
  source = new EventSource(`/.preview/events?page=${encodeURIComponent(location.pathname)}`);
  source.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    here ??= news.shown;
    if (news.shown === here) draw(news);
    else location.reload();
  });
}

// A browser keeps few connections to one server: only the page that is looked at holds one.
document.addEventListener("visibilitychange", () => {
  source?.close();
  source = null;
  if (!document.hidden) listen();
});
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
if (!document.hidden) listen();
