"""The Streamlit pages: one file per page, and one per thing that a page shows. No logic of their own."""
