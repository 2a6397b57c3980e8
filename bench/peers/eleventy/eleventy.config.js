// Eleventy's side of the benchmark: the same kinds of pages as ours. Lists, neighbours and related
// releases are worked out once, here, and looked up by the templates.

const LANGUAGES = ["zh", "en"];
const TAGS = { zh: "zh-Hans", en: "en" };

// One language's releases, newest first, with what each page needs of the others.
function edition(releases, lang) {
  const own = releases.filter((each) => each.data.lang === lang);
  own.sort((a, b) => b.date - a.date || (a.inputPath < b.inputPath ? 1 : -1));
  const place = new Map(own.map((each, position) => [each.url, position]));
  const byTopic = group(own, (each) => each.data.topics);
  const places = new Map();
  for (const [topic, list] of byTopic) {
    places.set(topic, new Map(list.map((each, position) => [each.url, position])));
  }
  return { lang, own, place, byTopic, places };
}

function group(list, keys) {
  const groups = new Map();
  for (const each of list) {
    for (const key of keys(each)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(each);
    }
  }
  return groups;
}

function byMonth(list) {
  const months = group(list, (each) => [each.date.toISOString().slice(0, 7)]);
  return [...months].map(([month, releases]) => ({ month, releases }));
}

const yearOf = (each) => String(each.date.getUTCFullYear());

export default function (config) {
  config.addPassthroughCopy({ "style.css": "style.css" });
  config.setServerOptions({ enabled: false });

  let editions = {};
  const prepare = (api) => {
    const releases = api.getFilteredByTag("releases");
    editions = Object.fromEntries(LANGUAGES.map((lang) => [lang, edition(releases, lang)]));
    return editions;
  };

  // The first collection of a build prepares what the others use.
  config.addCollection("languages", (api) => {
    prepare(api);
    return LANGUAGES.map((lang) => ({
      lang,
      latest: editions[lang].own.slice(0, 20),
      years: [...group(editions[lang].own, (each) => [yearOf(each)]).keys()],
      week: api.getFilteredByTag("edition").filter((each) => each.data.lang === lang).pop(),
      programmes: api.getFilteredByTag("programme").filter((each) => each.data.lang === lang),
    }));
  });
  config.addCollection("yearPages", () =>
    LANGUAGES.flatMap((lang) =>
      [...group(editions[lang].own, (each) => [yearOf(each)])].map(([year, list]) => ({
        lang,
        year,
        months: byMonth(list),
      })),
    ),
  );
  config.addCollection("topicPages", () =>
    LANGUAGES.flatMap((lang) =>
      [...editions[lang].byTopic].map(([topic, list]) => ({
        lang,
        topic,
        latest: list.slice(0, 20),
        years: [...group(list, (each) => [yearOf(each)]).keys()],
      })),
    ),
  );
  config.addCollection("topicYearPages", () =>
    LANGUAGES.flatMap((lang) =>
      [...editions[lang].byTopic].flatMap(([topic, list]) =>
        [...group(list, (each) => [yearOf(each)])].map(([year, releases]) => ({
          lang,
          topic,
          year,
          months: byMonth(releases),
        })),
      ),
    ),
  );
  let coverage = new Map();
  config.addCollection("coverage", () => {
    coverage = new Map();
    for (const lang of LANGUAGES) {
      const { own } = editions[lang];
      for (const [key, list] of group(own, (each) => each.data.programmes)) {
        coverage.set(`${lang}/${key}`, list.slice(0, 20));
      }
      for (const [key, list] of group(own, (each) => (each.data.edition ? [each.data.edition] : []))) {
        coverage.set(`${lang}/${key}`, list);
      }
    }
    return [];
  });

  config.addFilter("coverage", (key, lang) => coverage.get(`${lang}/${key}`) || []);
  config.addFilter("newer", (url, lang) => editions[lang].own[editions[lang].place.get(url) - 1]);
  config.addFilter("older", (url, lang) => editions[lang].own[editions[lang].place.get(url) + 1]);
  config.addFilter("related", (url, lang, topics) => {
    const { byTopic, places, place } = editions[lang];
    const found = new Map();
    for (const topic of topics) {
      const at = places.get(topic).get(url);
      for (const each of byTopic.get(topic).slice(at + 1, at + 4)) found.set(place.get(each.url), each);
    }
    return [...found].sort((a, b) => a[0] - b[0]).slice(0, 3).map(([, each]) => each);
  });

  const formats = {};
  for (const lang of LANGUAGES) {
    const locale = lang === "zh" ? "zh-CN" : "en-GB";
    formats[lang] = {
      long: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }),
      short: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }),
      month: new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }),
    };
  }
  config.addFilter("day", (date, lang, style = "long") => formats[lang][style].format(date));
  config.addFilter("month", (month, lang) => formats[lang].month.format(new Date(`${month}-01`)));
  config.addFilter("iso", (date) => date.toISOString().slice(0, 10));
  config.addFilter("instant", (date) => date.toISOString());
  config.addFilter("tag", (lang) => TAGS[lang]);
  config.addFilter("other", (lang) => (lang === "zh" ? "en" : "zh"));
  config.addFilter("twin", (url) => (url.startsWith("/zh/") ? "/en/" : "/zh/") + url.slice(4));
  config.addFilter("json", (value) => JSON.stringify(value));
  config.addFilter("last", (list) => list[list.length - 1]);

  return {
    dir: { input: "content", output: "public", includes: "_includes", data: "_data" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
  };
}
