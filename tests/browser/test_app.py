"""The app in a real Chromium, on a results file that the real vLLM produced."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.browser
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
SHOTS = Path(os.environ["CANDOR_SCREENSHOTS"]) if "CANDOR_SCREENSHOTS" in os.environ else None


@pytest.fixture(scope="module")
def app(calibration_db):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "candor", "app", "--db", str(calibration_db), "--port", str(port)],
        env={key: value for key, value in os.environ.items() if key != "DISPLAY"},
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            if httpx.get(f"{url}/_stcore/health").status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.5)
    yield url
    os.killpg(process.pid, 15)
    process.wait(20)


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.fail("no Chromium on this machine; install it with: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(60_000)
    yield page
    page.close()


def settle(page, name):
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(800)
    assert page.locator("[data-testid=stException]").count() == 0
    if SHOTS:
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def test_leaderboard(app, page):
    page.goto(app)
    page.get_by_text("When a hint moved the answer").first.wait_for()
    page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    page.get_by_text("planted").first.wait_for()
    settle(page, "leaderboard")


def test_leaderboard_on_a_phone(app, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(app)
    page.get_by_text("When a hint moved the answer").first.wait_for(timeout=60_000)
    settle(page, "leaderboard-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_transcripts_show_three_arms_and_evidence(app, page):
    page.goto(f"{app}/transcripts")
    for title in ("Control: no hint", "Sham: same shape, points nowhere", "Hinted"):
        page.get_by_role("heading", name=title).wait_for()
    page.get_by_text("Model", exact=True).first.wait_for()
    page.get_by_role("combobox").nth(1).click()
    page.get_by_text("calibration:open", exact=True).last.click()
    page.locator(".candor-text mark").first.wait_for()
    settle(page, "transcripts")


def choose(page, number, option):
    page.get_by_role("combobox").nth(number).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_debate_reads_in_order(app, page):
    """The hinted arm of a debate: prompt, answer, remark of the second copy, answer, … up to the judged reply."""
    page.goto(f"{app}/transcripts")
    page.get_by_role("heading", name="Hinted").wait_for()
    choose(page, 1, "calibration:open")
    page.get_by_role("heading", name="Hinted").wait_for()
    choose(page, 3, "peer")
    page.get_by_text("written by a second copy of the model").first.wait_for()
    hinted = page.locator("[data-testid=stColumn]").filter(has=page.get_by_role("heading", name="Hinted"))
    captions = hinted.locator("[data-testid=stChatMessage] [data-testid=stCaptionContainer]").all_inner_texts()
    writers = ["the plan", *["the model", "a second copy of the model"] * ((len(captions) - 2) // 2), "the model"]
    assert [caption.split("written by ")[1].split(" · ")[0] for caption in captions] == writers
    assert captions[-1].endswith("judged")
    assert len(captions) >= 4
    settle(page, "debate")


def test_reported_numbers_are_labelled(app, page):
    page.goto(f"{app}/reported")
    page.get_by_text("Not measured here.").wait_for()
    settle(page, "reported")


def test_planted_truth_is_compared(app, page):
    page.goto(f"{app}/planted")
    page.get_by_text("there is nothing to gate").wait_for()
    page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    settle(page, "planted")
