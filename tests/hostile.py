"""What attackers write, and whether a page that holds it could run it."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element

import html5lib

# From public collections of filter evasions: tags, handlers, schemes, encodings, breakouts, mutations.
PAYLOADS: Final = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<![CDATA[<script>alert(1)</script>]]>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover=alert(1) x="',
    "' onfocus=alert(1) autofocus x='",
    "` onmouseover=alert(1)",
    "<img src=x onerror=alert(1)>",
    '<img src=x:x onerror="alert(1)" />',
    "<img src=`x`onerror=alert(1)>",
    "<img/src/onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    "<image src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>',
    "<svg><foreignObject><iframe onload=alert(1)></iframe></foreignObject></svg>",
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=javascript:alert(1)></object>",
    '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>',
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<base href=//evil.example/>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<form><button formaction=javascript:alert(1)>x</button></form>",
    "<input onfocus=alert(1) autofocus>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<select onfocus=alert(1) autofocus>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<link rel=import href=//evil.example/x>",
    "<style>@import'//evil.example/x.css';</style>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<div style="width:expression(alert(1))">x</div>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="&#106;&#97;&#118;&#97;script:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<a href=x onclick=alert(1)>x</a>",
    '<a href="//evil.example" ping=//evil.example target=_blank>x</a>',
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<xmp><p title="</xmp><svg/onload=alert(1)>">',
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<plaintext><script>alert(1)",
    "<x onclick=alert(1) contenteditable autofocus>x",
    "<p id=x tabindex=1 onfocusin=alert(1)>x</p>",
    "[x](javascript:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](  javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    '[x](https://ok.example" onclick="alert(1))',
    '[x](https://ok.example "t" onclick=alert(1) "")',
    '![x](x" onerror="alert(1))',
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    'x {: onclick="alert(1)" style="x"}',
    "{: onclick=alert(1)}",
    "# x {: onclick=alert(1)}",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "{{ 7*7 }}{% import os %}",
    "${alert(1)}",
    "\u2028alert(1)\u2029",
)

_SAFE: Final = re.compile(
    r"(?:https?://|mailto:|tel:|/|#|\.|[A-Za-z0-9_-]+(?:[/.?#]|$)|$)", re.IGNORECASE
)
_NEVER: Final = frozenset(
    [
        "applet",
        "base",
        "bgsound",
        "embed",
        "frame",
        "frameset",
        "iframe",
        "image",
        "isindex",
        "marquee",
        "noembed",
        "object",
        "plaintext",
        "xmp",
        "foreignobject",
        "animate",
        "animatemotion",
        "animatetransform",
        "set",
        "math",
    ]
)
_ADDRESSES: Final = (
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "ping",
    "xlink:href",
    "{http://www.w3.org/1999/xlink}href",
)


def executable(text: str) -> list[str]:
    """What in a page or a piece of HTML a browser could run, or fetch from somebody else."""
    found: list[str] = []
    root: Element = html5lib.parse(text, namespaceHTMLElements=False)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2].lower()
        kind = (element.get("type") or "").lower()
        source = element.get("src") or ""
        if name in _NEVER:
            found.append(f"<{name}>")
        if name == "script" and kind != "application/ld+json" and not source.startswith("/static/"):
            found.append(f"<script>{(element.text or source)[:40]}")
        if name == "script" and source and (element.text or "").strip():
            found.append("a script with text")
        if name == "style":
            found.append("<style>")
        if name == "meta" and element.get("http-equiv"):
            found.append("<meta http-equiv>")
        if name == "link" and not (element.get("href") or "").startswith(
            ("/", "https://tiny.example/")
        ):
            found.append(f"<link {element.get('href')}>")
        for attribute, value in element.attrib.items():
            plain = attribute.rpartition("}")[2].lower()
            if plain.startswith("on") or plain in ("srcdoc", "ping", "formaction"):
                found.append(f"{name}.{plain}")
            if plain == "style":
                found.append(f"{name}.style")
            if attribute in _ADDRESSES:
                # As browsers read it: white space around, tabs and line ends anywhere, do not count.
                address = re.sub(r"[\t\r\n]|^[\x00-\x20]+", "", value)
                if not _SAFE.match(address) or address.startswith("//"):
                    found.append(f"{name}.{plain}={value[:40]}")
    return found
