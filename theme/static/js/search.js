// Search in both languages, in the page: the index of the page's own language is asked first, the
// other one after it. Nothing is loaded before the field is used or the address asks (?q=…).

const FIRST = 5; // results shown at first: each costs a file
const MORE = 10;
const COMMON = 3; // common words that a query may ask for: each is a file of some 12 kilobytes
const PAUSE = 100; // milliseconds without a key before a search begins
const PIECE = 4; // the index has pieces of Chinese up to this length (pressroom/search.py)

const form = document.getElementById("search-form");
const input = document.getElementById("search-input");
const status = document.getElementById("search-status");
const selects = [...form.querySelectorAll("select")];
const results = document.getElementById("search-results");
results.append(results.querySelector("template").content);
const parts = [...results.querySelectorAll("section")];
const own = form.dataset.language;

// --- the words of a query ------------------------------------------------------------------------

// Words that tell nothing and cost the largest files of the index.
const EMPTY = new Set(
  "的 了 和 与 在 是 对 为 及 等 a an and are as at by for from in is of on or that the to was with".split(" "),
);
const segmenter = Intl.Segmenter && new Intl.Segmenter("zh", { granularity: "word" });

function divided(run) {
  const words = segmenter ? [...segmenter.segment(run)].map((each) => each.segment) : [run];
  return words.flatMap((word) => word.match(new RegExp(`.{1,${PIECE}}`, "gsu")));
}

export function terms(query) {
  const plain = query.normalize("NFKC").toLowerCase().replace(/['’]/g, "");
  const runs = plain.match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu) ?? [];
  const words = runs.flatMap((run) => (/\p{Script=Han}/u.test(run) ? divided(run) : [run]));
  const telling = words.filter((word) => !EMPTY.has(word));
  return [...new Set(telling.length ? telling : words)];
}

// Two forms of one word, as far as that can be told without its grammar: child and children.
function akin(one, other) {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short === long || (short.length > 3 && long.length - short.length < 4 && long.startsWith(short));
}

// The words to ask for: all that are rare, and the rarest of the common ones. What stands on nearly
// every page hardly changes what is found.
function telling(words, common) {
  const count = (word) => Math.max(0, ...common.filter(([each]) => akin(each, word)).map(([, places]) => places));
  const counted = words.map((word) => ({ word, places: count(word) })).sort((a, b) => a.places - b.places);
  const rare = counted.filter((each) => !each.places).length;
  return counted.slice(0, rare + COMMON).map((each) => each.word);
}

// --- asking --------------------------------------------------------------------------------------

const indexes = {};

// The worker is left out: it would need a policy of its own to run WebAssembly.
async function opened(language) {
  const [pagefind, common] = await Promise.all([
    import(`/pagefind/${language}/pagefind.js`),
    fetch(`/pagefind/${language}/common.json`).then(async (answer) => Object.entries(await answer.json())),
  ]);
  const ranking = { metaWeights: { title: 5, pieces: 5, words: 1.5, day: 0.5 } };
  await pagefind.options({ noWorker: true, excerptLength: 40, metaCacheTag: "", ranking });
  await pagefind.init();
  return { pagefind, common };
}

function load(language) {
  indexes[language] ??= opened(language).catch((error) => {
    delete indexes[language];
    throw error;
  });
  return indexes[language];
}

export async function ask(language, query, filters) {
  const words = terms(query);
  if (query && !words.length) return [];
  const { pagefind, common } = await load(language);
  const asked = words.length ? telling(words, common).join(" ") : null;
  const found = await pagefind.search(asked, { filters });
  // Without words all are equal, and the index has the newest last.
  return words.length ? titledFirst(found.results, query.trim()) : found.results.reverse();
}

// A figure's beginning counts for Pagefind as much as the figure: 2001 where 200 is asked for. So of
// those that are shown first, what has the query in its title goes before the others.
async function titledFirst(found, query) {
  const first = await Promise.all(
    found.slice(0, FIRST).map(async (each) => ({ each, titled: (await each.data()).meta.title.includes(query) })),
  );
  first.sort((a, b) => b.titled - a.titled);
  return [...first.map(({ each }) => each), ...found.slice(FIRST)];
}

// --- showing -------------------------------------------------------------------------------------

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function hitPattern(query) {
  const wanted = [query.trim(), ...terms(query)].filter(Boolean).sort((a, b) => b.length - a.length);
  if (!wanted.length) return null;
  const pattern = wanted.map((word) => {
    const safe = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return /^[a-z0-9]/i.test(word) ? `\\b${safe}` : safe;
  });
  return new RegExp(`((?:${pattern.join("|")})+)`, "giu");
}

function marked(text, pattern) {
  if (!pattern) return [text];
  return text.split(pattern).map((piece, at) => (at % 2 ? element("mark", "", piece) : piece));
}

// Pagefind's excerpt is text with <mark> in it, and with < and > written as entities. Pagefind marks
// what it was asked for, in any form of the word; the pattern what it was not asked for.
function excerpted(excerpt, pattern) {
  const whole = excerpt.replace(/\u200b/g, "").replace(/<\/mark>(\s*)<mark>/g, "$1");
  const text = whole.replace(/^[\s\p{Pe}\p{Pf}\p{Po}]+/u, ""); // the end of a sentence that is not shown
  const plain = (piece) => piece.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  return text
    .split(/<mark>(.*?)<\/mark>/s)
    .flatMap((piece, at) => (at % 2 ? [element("mark", "", plain(piece))] : marked(plain(piece), pattern)));
}

const kinds = Object.fromEntries(
  [...form.elements.kind.options].filter((each) => each.value).map((each) => [each.value, each.text]),
);

function hit(data, query, tag) {
  const pattern = hitPattern(query);
  const link = element("a", "search__link", ...marked(data.meta.title, pattern));
  link.href = data.url;
  const excerpt = element("p", "search__excerpt", ...excerpted(data.excerpt, pattern));
  if (tag !== document.documentElement.lang) {
    link.lang = link.hreflang = excerpt.lang = tag;
  }
  const about = element("p", "search__about", element("span", "search__kind", kinds[data.filters.kind[0]]));
  if (data.meta.day) {
    const day = element("span", "search__day", data.meta.day);
    if (excerpt.lang) day.lang = tag;
    about.append(day);
  }
  return element("li", "search__hit", element("h3", "search__title", link), about, excerpt);
}

async function showMore(part, found, query, turn) {
  const list = part.querySelector("ol");
  const from = list.children.length;
  const data = await Promise.all(found.slice(from, from + MORE).map((each) => each.data()));
  if (turn !== latest) return null;
  const fresh = data.map((each) => hit(each, query, part.dataset.tag));
  list.append(...fresh);
  part.querySelector("button").hidden = list.children.length >= found.length;
  return fresh[0];
}

async function show(part, found, query, turn) {
  const list = part.querySelector("ol");
  const kept = [...list.children];
  const data = await Promise.all(found.slice(0, FIRST).map((each) => each.data()));
  if (turn !== latest) return;
  kept.forEach((each) => each.remove());
  list.append(...data.map((each) => hit(each, query, part.dataset.tag)));
  part.hidden = !found.length;
  const more = part.querySelector("button");
  more.hidden = found.length <= FIRST;
  more.onclick = async () => {
    const first = await showMore(part, found, query, turn);
    first?.querySelector("a").focus();
  };
}

// --- a search ------------------------------------------------------------------------------------

let latest = 0;

function chosen() {
  return Object.fromEntries(selects.filter((each) => each.value).map((each) => [each.name, each.value]));
}

function remember(query, filters) {
  const asked = new URLSearchParams({ ...(query && { q: query }), ...filters }).toString();
  history.replaceState(null, "", asked ? `?${asked}` : location.pathname);
}

function say(text, values = {}) {
  const said = text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  if (status.textContent !== said) status.textContent = said;
}

async function search() {
  const turn = ++latest;
  const query = input.value.trim();
  const filters = chosen();
  remember(query, filters);
  const words = form.dataset;
  if (!query && !Object.keys(filters).length) {
    parts.forEach((part) => {
      part.hidden = true;
    });
    say("");
    results.removeAttribute("aria-busy");
    return;
  }
  results.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => turn === latest && say(words.waiting), 400);
  const counts = {};
  for (const part of parts) {
    const { language } = part.dataset;
    try {
      const found = await ask(language, query, filters);
      if (turn !== latest) break;
      await show(part, found, query, turn);
      counts[language] = found.length;
    } catch {
      if (turn !== latest) break;
      part.hidden = true;
    }
    if (turn !== latest) break;
    if (language === own && counts[own]) {
      clearTimeout(slow);
      say(words.own, { n: counts[own] });
    }
  }
  clearTimeout(slow);
  if (turn !== latest) return;
  results.removeAttribute("aria-busy");
  if (!Object.keys(counts).length) say(words.failed);
  else if (!Object.values(counts).some(Boolean)) say(words.none);
  else say(words.both, { zh: 0, en: 0, ...counts });
}

// --- hands and keys ------------------------------------------------------------------------------

let pause;

function soon() {
  clearTimeout(pause);
  pause = setTimeout(search, PAUSE);
}

function typed(event) {
  // What an input method is still putting together is not a query yet.
  if (event.isComposing) return;
  if (input.value.trim()) load(own).catch(() => {});
  soon();
}

function links() {
  return [...results.querySelectorAll("section:not([hidden]) a")];
}

function step(event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = [input, ...links()];
  const at = all.indexOf(document.activeElement);
  if (!way || at < 0 || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const next = all[at + way];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

async function submitted(event) {
  event.preventDefault();
  clearTimeout(pause);
  await search();
  const part = parts.find((each) => !each.hidden);
  (part ? part.querySelector("h2") : input).focus();
}

const asked = new URLSearchParams(location.search);
input.value = asked.get("q") ?? "";
for (const select of selects) {
  const wanted = asked.get(select.name);
  if ([...select.options].some((each) => each.value === wanted)) select.value = wanted;
}
input.addEventListener("input", typed);
input.addEventListener("compositionend", soon);
selects.forEach((select) => select.addEventListener("change", search));
form.addEventListener("submit", submitted);
document.addEventListener("keydown", step);
form.hidden = false;
if (input.value.trim() || Object.keys(chosen()).length) search();
