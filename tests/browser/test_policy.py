"""The listener that every browser test has hears a breach of the Content-Security-Policy."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_script_in_the_page_is_refused_and_reported(page: Page, complaints: list[str]) -> None:
    page.goto("/login")
    page.evaluate("""() => new Promise((heard) => {
            addEventListener('securitypolicyviolation', () => setTimeout(heard));
            const script = document.createElement('script');
            script.textContent = 'window.hasRun = true';
            document.head.append(script);
        })""")
    assert page.evaluate("window.hasRun") is None
    assert any("script-src-elem refused inline" in one for one in complaints)
    assert any("Content Security Policy" in one for one in complaints)
    complaints.clear()
