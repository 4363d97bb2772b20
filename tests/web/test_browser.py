"""The page in a real browser: what people do with it, on a desk and on a phone, by mouse, keys and screen reader."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
import web_fleet
import web_room
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from trueup.daemon.events import Event
from trueup.daemon.status import RolloutRouter, State
from trueup.web.attempts import Attempts

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), "")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
PAGES = {
    "fleet": "/",
    "router-drifted": "/router/harbour-edge-1",
    "router-fighting": "/router/harbour-edge-2",
    "attention": "/attention",
    "rollouts": "/rollouts",
    "rollout": "/rollouts/r-9a41e77",
    "windows": "/windows",
    "trends": "/trends",
    "history": "/history",
    "run": "/history/00000002",
    "log": "/log",
    "suspend": "/router/hq-1/suspend",
    "roll-back": "/router/marina-gw/roll-back",
    "not-here": "/nowhere",
}
SIZE = 12
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[web_room.Served]:
    folder = tmp_path_factory.mktemp("page")
    room = web_room.room(folder, web_fleet.audited(folder / "audit"), size=SIZE)
    room.app.state.context.attempts = Attempts(lambda: 1000.0)  # waits must not end while a slow machine types
    for event in (
        Event("drift", "somebody changed 3 rows of /ip/firewall/filter", "harbour-edge-1", level="warning"),
        Event("failed", "refused: no such item", "harbour-core", level="error", commit=web_fleet.NEW),
    ):
        room.board.bus.tell(event)
    with web_room.serving(room) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "Chromium is missing: make chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """Opens windows on the page, and notes what each complained about and whom else it asked."""

    def __init__(self, browser: Browser, served: web_room.Served) -> None:
        self._browser, self.served = browser, served
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self._contexts: list[BrowserContext] = []

    def open(self, path: str = "/", *, size: dict[str, int] = DESK, cookie: object = None, **known: object) -> Page:
        context = self._browser.new_context(base_url=self.served.address, viewport=size, **known)
        context.set_default_timeout(5000)
        context.on("request", self._asked)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._said)
        self._contexts.append(context)
        if cookie:
            context.add_cookies([cookie])
        page = context.new_page()
        page.goto(path)
        return page

    def logged_in(self, name: str = "maria", path: str = "/", **known: object) -> Page:
        """With a session that began elsewhere, which takes less time than a login."""
        room = self.served.room
        token = room.app.state.context.sessions.begin(room.users.find(name))
        cookie = {"name": "trueup", "value": token, "url": self.served.address}
        return self.open(path, cookie=cookie, **known)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _asked(self, request: object) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.served.address).netloc:
            self.strangers.append(request.url)

    def _said(self, message: object) -> None:
        # A page that answers 4xx is told on the console by the browser itself.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def desk(browser: Browser, served: web_room.Served) -> Iterator[Desk]:
    served.room.board.status = web_fleet.fleet(SIZE)
    desk = Desk(browser, served)
    yield desk
    desk.close()
    assert desk.complaints == []
    assert desk.strangers == []


def fill_login(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def rows(page: Page) -> list[str]:
    return page.locator("table.fleet tbody a.whole").all_inner_texts()


def test_the_fleet_is_searched_while_one_types_and_a_router_opened(desk):
    page = desk.open()
    expect(page.get_by_role("heading", name="20 routers")).to_be_visible()
    page.get_by_label(re.compile("Search by name")).press_sequentially("harbour")
    expect(page.get_by_role("heading", name="3 routers of 20")).to_be_visible()
    assert rows(page) == ["harbour-edge-2", "harbour-core", "harbour-edge-1"]
    assert "q=harbour" in page.url
    page.get_by_role("combobox", name="State").select_option("drifted")
    expect(page.get_by_role("heading", name="1 router of 20")).to_be_visible()
    page.get_by_role("link", name="harbour-edge-1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("harbour-edge-1")
    expect(page.get_by_role("region", name="Plan of harbour-edge-1")).to_contain_text("src-address-list=managers")
    page.go_back()
    assert rows(page) == ["harbour-edge-1"]


def test_a_state_is_chosen_by_its_chip_and_pages_are_turned(desk):
    desk.served.room.board.status = web_fleet.fleet(100)
    page = desk.open()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    page.get_by_role("link", name="1 Unreachable").click()
    expect(page.get_by_role("heading", name="1 router of 108")).to_be_visible()
    page.get_by_role("link", name="1 Unreachable").click()
    expect(page.get_by_role("heading", name="108 routers")).to_be_visible()


def test_all_of_it_works_without_scripts(desk):
    page = desk.open(java_script_enabled=False)
    page.get_by_label(re.compile("Search by name")).fill("hill")
    page.get_by_role("button", name="Show").click()
    assert rows(page) == ["hill-ap-1", "hill-tower"]
    page.get_by_role("link", name="Log in").click()
    fill_login(page, "maria", web_room.PASSWORD)
    assert "q=hill" in page.url
    page.goto("/router/hq-3/reconcile")
    page.get_by_role("button", name="Reconcile now").click()
    expect(page.get_by_role("status").filter(has_text="done: reconcile hq-3")).to_be_visible()


def test_a_wrong_password_is_told_and_after_some_one_has_to_wait(desk):
    page = desk.open("/login")
    for _ in range(5):
        fill_login(page, "mallory", "wrong")
        expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    fill_login(page, "mallory", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts. Try again in")


def test_an_operator_suspends_and_resumes_a_router(desk):
    page = desk.logged_in(path="/router/hq-7")
    page.get_by_role("link", name="Suspend").click()
    page.get_by_label("Why").fill("the mast moves")
    page.get_by_label("4 hours").check()
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("Suspended by maria")).to_be_visible()
    expect(page.locator("main")).to_contain_text("the mast moves")
    page.get_by_role("link", name="Resume").click()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Suspended by maria")).to_have_count(0)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()


def test_a_link_on_another_site_leads_a_person_who_is_logged_in_to_the_page(browser, tmp_path):
    room = web_room.room(tmp_path, names=["needs-a-login.example"])
    with web_room.serving(room) as served:
        context = browser.new_context()
        token = room.app.state.context.sessions.begin(room.users.find("vera"))
        cookie = {"name": "trueup", "value": token, "domain": "127.0.0.1", "path": "/", "sameSite": "Strict"}
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(served.address.replace("127.0.0.1", "localhost"))
        assert "/login" in page.url
        address = f"{served.address}router/hq-2"
        page.evaluate(
            "x => { const a = document.createElement('a'); a.href = x; document.body.append(a); a.click() }", address
        )
        expect(page.get_by_role("heading", level=1)).to_have_text("hq-2")
        context.close()


def test_a_viewer_is_told_what_is_missing(desk):
    page = desk.logged_in("vera", "/router/hq-8")
    expect(page.get_by_text("needs the role operator")).to_be_visible()
    page.get_by_role("link", name="Suspend").click()
    expect(page.locator("main")).to_contain_text("This needs the role operator")


def test_what_changes_is_seen_at_once_and_keeps_what_one_was_doing(desk):
    page = desk.open("/?q=hq-1")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.get_by_role("link", name="hq-10", exact=True).focus()
    page.evaluate("window.stayed = true")
    board = desk.served.room.board
    board.put(replace(board.status.routers["hq-10"], state=State.DRIFTED, reason="an address was added"))
    desk.served.tell(Event("drift", "hq-10 was changed by kim", "hq-10", level="warning"))
    expect(page.get_by_role("row", name=re.compile("hq-10 .*Drifted"))).to_contain_text("an address was added")
    expect(page.locator("#news")).to_have_text("hq-10 was changed by kim")
    assert page.evaluate("window.stayed")
    assert page.evaluate("document.activeElement.textContent") == "hq-10"


def test_a_rollout_is_followed_live(desk):
    page = desk.open("/rollouts/r-9a41e77")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_text("1 of 11 routers healthy")).to_be_visible()
    board = desk.served.room.board
    rollout = board.status.rollout
    parts = {**rollout.routers, "marina-gw": RolloutRouter("healthy", "", web_fleet.now())}
    board.status = replace(board.status, rollout=replace(rollout, routers=parts))
    desk.served.tell(Event("status", ""))
    expect(page.get_by_text("2 of 11 routers healthy")).to_be_visible()


def test_everything_is_reached_by_keys(desk):
    page = desk.open()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("marina-gw/")
    assert page.evaluate("document.activeElement.value") == "marina-gw/"
    page.keyboard.press("Backspace")
    expect(page.get_by_role("heading", name="1 router of 20")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "marina-gw":
            break
    outline = "getComputedStyle(document.activeElement, '::after').outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("marina-gw")
    page.keyboard.press("/")
    page.wait_for_url("**/#q")
    assert page.evaluate("document.activeElement.id") == "q"


def test_dark_and_light_follow_the_system_until_one_is_chosen(desk):
    page = desk.open(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    light = page.evaluate(ground)
    assert light != dark
    page.get_by_role("button", name=re.compile("Switch between")).click()
    assert page.evaluate(ground) == dark
    page.reload()
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name=re.compile("Switch between")).click()
    page.reload()
    assert page.evaluate(ground) == light


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_and_everybody_can_use_it(desk, tmp_path_factory, name):
    page = desk.logged_in(path=PAGES[name], reduced_motion="reduce")
    shots = tmp_path_factory.getbasetemp() / "page-shots"
    shots.mkdir(exist_ok=True)
    page.evaluate(AXE)
    assert broken_rules(page) == []
    page.screenshot(path=shots / f"{name}-light.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    assert broken_rules(page, "color-contrast") == []
    page.screenshot(path=shots / f"{name}-dark.png", full_page=True)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert broken_rules(page, "color-contrast", "scrollable-region-focusable", "target-size") == []
    page.screenshot(path=shots / f"{name}-phone.png", full_page=True)


def test_the_check_finds_what_is_wrong(desk):
    page = desk.open("/log")
    page.evaluate(AXE)
    page.evaluate(
        "document.querySelector('main').append(document.createElement('img'), document.createElement('input'))"
    )
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert {rule.partition(":")[0] for rule in broken_rules(page)} >= {"image-alt", "label", "color-contrast"}


def test_the_login_fits_too(desk):
    page = desk.open("/login", size=PHONE)
    page.evaluate(AXE)
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def broken_rules(page: Page, *only: str) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, or against some rules only."""
    run = {"type": "rule", "values": only} if only else {"type": "tag", "values": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}  # fmt: skip
    found = page.evaluate("run => axe.run(document, {runOnly: run, resultTypes: ['violations']})", run)
    return [
        f"{rule['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]
