"""The browser's face of Candor: `candor app`, or `streamlit run app.py`."""

from __future__ import annotations

import streamlit as st

st.set_page_config(page_title="Candor", layout="wide")
# The default leaves a hand's breadth of nothing above every page; and on a phone it squeezes thirteen columns
# into the width of the screen, where they are better scrolled.
st.html(
    "<style>"
    "[data-testid=stMainBlockContainer] {padding-top: 4rem}"
    "[data-testid=stElementContainer]:has([data-testid=stVegaLiteChart]) {overflow-x: auto}"
    "[data-testid=stVegaLiteChart] {min-width: 40rem}"
    "</style>"
)

navigation = st.navigation(
    [
        st.Page("pages/leaderboard.py", title="Leaderboard", default=True),
        st.Page("pages/transcripts.py", title="Transcripts"),
        st.Page("pages/planted.py", title="Planted truth"),
        st.Page("pages/audit.py", title="Audit"),
        st.Page("pages/reported.py", title="Reported elsewhere"),
    ],
    position="top",
)
navigation.run()
