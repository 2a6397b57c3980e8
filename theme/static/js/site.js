// What scripts add to pages that are complete without them: copying, the reader's own time, Chinese
// headings that break between words, and the gap between Chinese and Latin where the browser sets none.

const english = document.documentElement.lang === "en";
const words = english
  ? { copied: "Copied", failed: "Not copied", here: "your time", before: "{} the day before", after: "{} the day after" }
  : { copied: "已复制", failed: "未能复制", here: "您所在地时间", before: "前一天{}", after: "次日{}" };

// The text of a release as a newsroom takes it over: headline, paragraphs, end mark, address.
function wire(article, address) {
  const lines = [article.querySelector("h1").innerText.trim()];
  for (const block of article.querySelectorAll(
    ".body :is(h2, h3, p, li, blockquote), .release__end [aria-hidden]",
  )) {
    if (block.closest(".photograph") || block.parentElement.closest("blockquote, li")) continue;
    lines.push(block.textContent.trim().replace(/\s+/g, " "));
  }
  return [...lines, address || location.href].join("\n\n");
}

function offer(button) {
  const place = button.parentElement;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "button__status";
  button.after(status);
  place.hidden = false;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { copy, copyFrom, copyAnchor, copyAddress } = button.dataset;
    const text = copyFrom
      ? wire(document.getElementById(copyFrom), copyAddress)
      : copy + new URL("#" + copyAnchor, location.href).href;
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = words.copied;
    } catch {
      status.textContent = words.failed;
    }
  });
}

// The list of names in the order of either language; its own is the one that it comes in.
function sortable(place) {
  const lists = [...document.querySelectorAll(".names")].map((list) => ({ list, own: [...list.children] }));
  const buttons = [...place.querySelectorAll("button")];
  const { compare } = new Intl.Collator(english ? "zh-u-co-pinyin" : "en");
  const other = (entry) => entry.querySelector(".name__other").firstChild?.textContent.trim() ?? "";
  const orders = {
    own: (entries) => entries,
    other: (entries) => [...entries].sort((one, two) => compare(other(one), other(two))),
  };
  place.hidden = false;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      buttons.forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
      lists.forEach(({ list, own }) => list.append(...orders[button.dataset.order](own)));
    });
  }
}

// The hour of an event in the reader's own time zone, beside the hour in China.
function localTime(element) {
  const moment = new Date(element.dateTime);
  const style = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", month: "short", day: "numeric" };
  const language = english ? "en-GB" : "zh-CN";
  const there = moment.toLocaleString(language, { ...style, timeZone: "Asia/Shanghai" });
  const here = moment.toLocaleString(language, style);
  if (here === there) return;
  element.after(english ? ` (${here} ${words.here})` : `（${words.here}${here}）`);
}

// Opening hours are those of China: today's, in the reader's own time zone, stand beside them.
function localHours(element) {
  const zone = { timeZone: "Asia/Shanghai" };
  const today = new Date().toLocaleDateString("sv-SE", zone);
  const hours = (element.textContent.match(/\d{1,2}:\d{2}/g) ?? []).map((hour) => {
    const moment = new Date(`${today}T${hour.padStart(5, "0")}:00+08:00`);
    const here = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const day = moment.toLocaleDateString("sv-SE");
    return { hour: hour.padStart(5, "0"), here, shift: day < today ? words.before : day > today ? words.after : "" };
  });
  if (hours.every((each) => each.here === each.hour && !each.shift)) return;
  const spans = [];
  for (let at = 0; at < hours.length; at += 2) {
    spans.push(hours.slice(at, at + 2).map((each) => each.shift.replace("{}", each.here) || each.here).join("–"));
  }
  const said = spans.join(english ? ", " : "、");
  element.after(english ? ` (${said} ${words.here})` : `（${words.here}${said}）`);
}

// A Chinese line may break after any character; a heading should not break inside a word, nor before
// a figure or a word of one character, so that a figure and its measure word stay together.
function keepWords(heading) {
  const words = new Intl.Segmenter("zh", { granularity: "word" });
  const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    for (const { segment, index } of [...words.segment(text.data)].reverse()) {
      if (!/^\p{Script=Han}{2}/u.test(segment) || !/\p{Script=Han}$/u.test(text.data.slice(0, index))) continue;
      text.splitText(index).before(document.createElement("wbr"));
    }
  }
  heading.classList.add("words");
}

// https://www.w3.org/TR/clreq/#mixed_text_composition_in_horizontal_writing_mode
function setGaps() {
  const seam = /(?<=\p{Script=Han})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=\p{Script=Han})/u;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (seam.test(node.data) && !node.parentElement.closest("script, svg, button, [lang=en]")) found.push(node);
  }
  for (const node of found) {
    const pieces = node.data.split(seam).flatMap((piece, index) => {
      if (!index) return [piece];
      const gap = document.createElement("span");
      gap.className = "gap";
      return [gap, piece];
    });
    node.replaceWith(...pieces);
  }
}

if (navigator.clipboard) document.querySelectorAll("[data-copy], [data-copy-from]").forEach(offer);
document.querySelectorAll("[data-sort]").forEach(sortable);
document.querySelectorAll("time[data-local]").forEach(localTime);
document.querySelectorAll("[data-hours]").forEach(localHours);
if (!english && !CSS.supports("text-autospace", "normal")) setGaps();
if (Intl.Segmenter) document.querySelectorAll(":is(h1, h2, h3, li > a):lang(zh)").forEach(keepWords);
