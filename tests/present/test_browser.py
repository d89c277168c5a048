"""The page of the shared good as a browser shows it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from alignsym import derive, load, solve

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
# Only the test measures: pages themselves have no scripts.
MEASURE = """
<script>
const box = e => {
  const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; };
const all = s => [...document.querySelectorAll(s)];
const cells = s => all(s).map(e => ({text: e.textContent, box: box(e)}));
document.body.setAttribute("data-seen", JSON.stringify({
  formulas: cells("math"), fractions: all("mfrac").map(e => [...e.children].map(box)),
  rows: all("table.cases tr").map(r => [...r.children].map(c => c.textContent)),
  table: all("table.cases").map(box), figures: all("figure svg").map(box),
  paths: all("figure svg path").map(e => e.getTotalLength()).filter(k => k > 50).length,
  captions: cells("figcaption"), wide: document.documentElement.scrollWidth, inner: innerWidth}));
</script></body>"""


def seen(page: str, folder: Path) -> dict[str, Any]:
    """What a browser without network lays out, as numbers."""
    file = folder / "page.html"
    file.write_text(page.replace("</body>", MEASURE), encoding="utf-8")
    assert CHROMIUM is not None
    run = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1000,1400",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
         "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    found = re.search('data-seen="([^"]*)"', run.stdout)
    assert found is not None, run.stderr[-2000:]
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


def test_the_formulas_of_the_shared_good_are_there(tmp_path: Path) -> None:
    solution = solve(load(ROOT / "derivations/shared_good/model.toml"))
    told = seen(derive(solution).html(plots=True), tmp_path)
    texts = ["".join(f["text"].split()) for f in told["formulas"]]
    for wanted in ("q>0", "xa", "=q2", "=2q"):
        assert any(wanted in t for t in texts), (wanted, texts)
    assert all(f["box"][2] > 1 and f["box"][3] > 1 for f in told["formulas"] if f["text"].strip())
    assert len(told["fractions"]) >= 8
    for above, below in told["fractions"]:  # one above the other, not side by side
        assert above[1] + above[3] <= below[1] + 1.5
        assert abs((above[0] + above[2] / 2) - (below[0] + below[2] / 2)) < 3
    assert told["wide"] <= told["inner"]


def test_the_table_and_the_pictures_are_there(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (extra plot) is not installed")
    solution = solve(load(ROOT / "derivations/shared_good/shifted_log.toml"))
    told = seen(derive(solution).html(plots=True), tmp_path)
    assert [len(r) for r in told["rows"]] == [5, 5, 5, 5]
    assert told["rows"][0][0] == "where"
    assert {"".join(r[1].split()) for r in told["rows"][1:3]} == {"0", "q"}
    assert told["table"][0][2] > 300
    assert len(told["figures"]) == len(told["captions"]) >= 3
    assert all(w > 250 and h > 150 for _, _, w, h in told["figures"])
    assert told["paths"] > 10
    assert told["captions"][0]["text"].startswith("Which case holds")
    assert told["wide"] <= told["inner"]
